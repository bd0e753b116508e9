// Command wire prints how Kubernetes types are written in protobuf: the number of each field, by its name in JSON.
// One line a struct: io.k8s.api.core.v1.Volume TAB 1=name TAB 2=+io.k8s.api.core.v1.VolumeSource …, where + is a part
// whose fields stand in the struct itself in JSON.
package main

import (
	"fmt"
	"reflect"
	"sort"
	"strings"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/scheme"
	apiregistration "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
)

func main() {
	known := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{scheme.AddToScheme, apiextensions.AddToScheme, apiregistration.AddToScheme} {
		if err := add(known); err != nil {
			panic(err)
		}
	}
	lines := map[reflect.Type]string{}
	for _, each := range known.AllKnownTypes() {
		visit(each, lines)
	}
	texts := []string{}
	for each, fields := range lines {
		if fields != "" {
			texts = append(texts, nameOf(each)+fields)
		}
	}
	sort.Strings(texts)
	for _, each := range texts {
		fmt.Println(each)
	}
}

func visit(each reflect.Type, lines map[reflect.Type]string) {
	switch each.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Array:
		visit(each.Elem(), lines)
	case reflect.Struct:
		if _, done := lines[each]; done || each.PkgPath() == "" {
			return
		}
		lines[each] = ""
		text := ""
		for at := 0; at < each.NumField(); at++ {
			field := each.Field(at)
			visit(field.Type, lines)
			tag := strings.Split(field.Tag.Get("protobuf"), ",")
			if len(tag) < 2 {
				continue
			}
			name := strings.Split(field.Tag.Get("json"), ",")[0]
			if name == "" && field.Anonymous {
				name = "+" + nameOf(elementOf(field.Type))
			}
			if name != "" && name != "-" {
				text += "\t" + tag[1] + "=" + name
			}
		}
		lines[each] = text
	}
}

func elementOf(each reflect.Type) reflect.Type {
	for each.Kind() == reflect.Pointer {
		each = each.Elem()
	}
	return each
}

// k8s.io/api/core/v1.Pod is io.k8s.api.core.v1.Pod in OpenAPI.
func nameOf(each reflect.Type) string {
	host, rest, _ := strings.Cut(each.PkgPath(), "/")
	parts := strings.Split(host, ".")
	for a, b := 0, len(parts)-1; a < b; a, b = a+1, b-1 {
		parts[a], parts[b] = parts[b], parts[a]
	}
	return strings.Join(parts, ".") + "." + strings.ReplaceAll(rest, "/", ".") + "." + each.Name()
}
