// Command fields prints how Go writes each field of the Kubernetes types as JSON: what OpenAPI does not say and what
// decides whether an empty value survives a round trip through the API server. One line a struct:
// io.k8s.api.core.v1.Pod TAB field=FLAGS TAB …, where the flags are p (pointer), a (written even where empty),
// z (a struct that is left out where zero).
package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"sort"
	"strings"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/scheme"
	apiregistration "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
)

type line struct{ name, fields string }

func main() {
	seen := map[reflect.Type]string{}
	known := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{scheme.AddToScheme, apiextensions.AddToScheme, apiregistration.AddToScheme} {
		if err := add(known); err != nil {
			panic(err)
		}
	}
	for _, each := range known.AllKnownTypes() {
		visit(each, seen)
	}
	lines := []line{}
	for each, fields := range seen {
		lines = append(lines, line{nameOf(each), fields})
	}
	sort.Slice(lines, func(a, b int) bool { return lines[a].name < lines[b].name })
	for _, each := range lines {
		fmt.Println(each.name + each.fields)
	}
}

func visit(each reflect.Type, seen map[reflect.Type]string) {
	switch each.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Array:
		visit(each.Elem(), seen)
	case reflect.Struct:
		// What writes its own JSON (Time, Quantity, IntOrString, RawExtension) has no fields to speak of.
		writes := reflect.PointerTo(each).Implements(reflect.TypeFor[json.Marshaler]())
		if _, done := seen[each]; done || writes || each.PkgPath() == "" {
			return
		}
		seen[each] = ""
		seen[each] = fieldsOf(each, seen)
	}
}

func fieldsOf(each reflect.Type, seen map[reflect.Type]string) string {
	text := ""
	for at := 0; at < each.NumField(); at++ {
		field := each.Field(at)
		tag := strings.Split(field.Tag.Get("json"), ",")
		inline := field.Anonymous && tag[0] == ""
		if !field.IsExported() || tag[0] == "-" {
			continue
		}
		if inline {
			text += fieldsOf(field.Type, seen)
			continue
		}
		visit(field.Type, seen)
		text += "\t" + tag[0] + "=" + flagsOf(field.Type, strings.Join(tag[1:], ","))
	}
	return text
}

// A struct by value is never "empty" to encoding/json: it is written also with omitempty, unless it is omitzero.
func flagsOf(each reflect.Type, options string) string {
	flags := ""
	if each.Kind() == reflect.Pointer {
		flags = "p"
	}
	switch {
	case strings.Contains(options, "omitzero"):
		return flags + "z"
	case each.Kind() == reflect.Struct, !strings.Contains(options, "omitempty"):
		return flags + "a"
	}
	return flags
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
