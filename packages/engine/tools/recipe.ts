// The external programs Mainstay knows how to get: which version fits, how it is asked for, where it comes from.

/** A program built from a pinned `go.mod`/`go.sum` in one of the recipe folders. */
export interface GoBuild {
  /** Folder below the folder of recipes that holds `go.mod` and `go.sum`. */
  readonly folder: string
  /** Import path of the command; the `go.mod` names it in `tool`. */
  readonly package: string
  /** Linker settings, e.g. the version that the program reports about itself. */
  readonly ldflags: readonly string[]
}

/** One file of a project's official release. */
export interface ReleaseFile {
  readonly url: string
  /** SHA-256 of the file as downloaded, in hex. */
  readonly sha256: string
  /** Path of the program inside a `.tar.gz`; null where the file is the program itself. */
  readonly member: string | null
}

/** Everything that is known about one external program. */
export interface ToolRecipe {
  readonly name: string
  /** The version we make; another patch level of the same minor version fits as well. */
  readonly version: string
  /** What it is for, for a person who reads a list. */
  readonly purpose: string
  /** File names under which it may be on PATH, best first. */
  readonly commands: readonly string[]
  /** Arguments that make it print its version. */
  readonly versionArgs: readonly string[]
  /** First group: the version in that output, without a leading `v`. */
  readonly versionPattern: RegExp
  readonly build: GoBuild
  /** By platform (`linux-x64`). Only digests that are published by the project; no entry means that it is built. */
  readonly releases: Readonly<Record<string, ReleaseFile>>
}

const kubernetesLdflags = [
  '-s',
  '-w',
  '-X k8s.io/component-base/version.gitVersion=v1.36.3',
  '-X k8s.io/component-base/version.gitMajor=1',
  '-X k8s.io/component-base/version.gitMinor=36',
  '-X k8s.io/component-base/version.gitTreeState=clean',
]

function kubernetes(name: string, purpose: string, releases: ToolRecipe['releases'] = {}): ToolRecipe {
  return {
    name,
    version: '1.36.3',
    purpose,
    commands: [name],
    versionArgs: name === 'kubectl' ? ['version', '--client'] : ['--version'],
    versionPattern: /\bv(\d+\.\d+\.\d+)\b/,
    build: { folder: 'kubernetes', package: `k8s.io/kubernetes/cmd/${name}`, ldflags: kubernetesLdflags },
    releases,
  }
}

function helm(name: string, version: string, build: GoBuild, releases: ToolRecipe['releases']): ToolRecipe {
  return {
    name,
    version,
    purpose: `renders Helm charts (version ${version.slice(0, 1)})`,
    commands: name === 'helm' ? ['helm', 'helm3'] : [name, 'helm'],
    versionArgs: ['version', '--short'],
    versionPattern: /\bv(\d+\.\d+\.\d+)/,
    build,
    releases,
  }
}

const kustomizeRelease = 'https://github.com/kubernetes-sigs/kustomize/releases/download/kustomize%2Fv5.8.1'
const jsonnetRelease = 'https://github.com/google/go-jsonnet/releases/download/v0.22.0'

/** Every known program, in the order in which it makes sense to get them. */
export const recipes: readonly ToolRecipe[] = [
  {
    name: 'etcd',
    version: '3.6.16',
    purpose: 'stores the objects of the API server in tests',
    commands: ['etcd'],
    versionArgs: ['--version'],
    versionPattern: /etcd Version: (\d+\.\d+\.\d+)/,
    build: { folder: 'etcd', package: 'go.etcd.io/etcd/server/v3', ldflags: ['-s', '-w'] },
    releases: {},
  },
  kubernetes('kube-apiserver', 'the real Kubernetes API in tests'),
  kubernetes('kubectl', 'what people use beside Mainstay', {
    'linux-x64': {
      url: 'https://dl.k8s.io/release/v1.36.3/bin/linux/amd64/kubectl',
      sha256: 'ebbd080e7c2e275093b55915722043257eb24004363e20acb3c4d71919f88336',
      member: null,
    },
  }),
  kubernetes('kube-controller-manager', 'the real controllers and garbage collection in tests'),
  {
    name: 'kustomize',
    version: '5.8.1',
    purpose: 'renders kustomizations',
    commands: ['kustomize'],
    versionArgs: ['version'],
    versionPattern: /v?(\d+\.\d+\.\d+)/,
    build: {
      folder: 'kustomize',
      package: 'sigs.k8s.io/kustomize/kustomize/v5',
      ldflags: ['-s', '-w', '-X sigs.k8s.io/kustomize/api/provenance.version=v5.8.1'],
    },
    releases: {
      'linux-x64': {
        url: `${kustomizeRelease}/kustomize_v5.8.1_linux_amd64.tar.gz`,
        sha256: '029a7f0f4e1932c52a0476cf02a0fd855c0bb85694b82c338fc648dcb53a819d',
        member: 'kustomize',
      },
      'linux-arm64': {
        url: `${kustomizeRelease}/kustomize_v5.8.1_linux_arm64.tar.gz`,
        sha256: '0953ea3e476f66d6ddfcd911d750f5167b9365aa9491b2326398e289fef2c142',
        member: 'kustomize',
      },
    },
  },
  helm(
    'helm',
    '3.22.0',
    {
      folder: 'helm3',
      package: 'helm.sh/helm/v3/cmd/helm',
      // Charts see these as .Capabilities.KubeVersion: the minor version of the client libraries, as in the release.
      ldflags: [
        '-s',
        '-w',
        '-X helm.sh/helm/v3/internal/version.version=v3.22.0',
        '-X helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor=1',
        '-X helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor=37',
        '-X helm.sh/helm/v3/pkg/lint/rules.k8sVersionMajor=1',
        '-X helm.sh/helm/v3/pkg/lint/rules.k8sVersionMinor=37',
      ],
    },
    {
      'linux-x64': {
        url: 'https://get.helm.sh/helm-v3.22.0-linux-amd64.tar.gz',
        sha256: '1e4ab49e429626cf6c6958d914248b78c9730803c2751b87627e171dc800e7bb',
        member: 'linux-amd64/helm',
      },
      'linux-arm64': {
        url: 'https://get.helm.sh/helm-v3.22.0-linux-arm64.tar.gz',
        sha256: 'f14e804dfee240f55525b667488fe9adca349e63e00c9af634c0beb1421ac310',
        member: 'linux-arm64/helm',
      },
    },
  ),
  {
    name: 'jsonnet',
    version: '0.22.0',
    purpose: 'renders Jsonnet',
    commands: ['jsonnet'],
    versionArgs: ['--version'],
    // The C++ implementation does not name itself so, and does not fit: see its std.format.
    versionPattern: /\(Go implementation\) v(\d+\.\d+\.\d+)/,
    build: { folder: 'jsonnet', package: 'github.com/google/go-jsonnet/cmd/jsonnet', ldflags: ['-s', '-w'] },
    releases: {
      'linux-x64': {
        url: `${jsonnetRelease}/go-jsonnet_0.22.0_linux_amd64.tar.gz`,
        sha256: 'e87a93ea44e34da92c15636205c7f2240bf3ac92d00ccb855dbb4e7e03ea6941',
        member: 'jsonnet',
      },
      'linux-arm64': {
        url: `${jsonnetRelease}/go-jsonnet_0.22.0_linux_arm64.tar.gz`,
        sha256: '3016b049254cb92548ba99304b6f44ec3795e6173f908e3ce3c5add57243fe20',
        member: 'jsonnet',
      },
    },
  },
  helm(
    'helm4',
    '4.3.0',
    {
      folder: 'helm4',
      package: 'helm.sh/helm/v4/cmd/helm',
      ldflags: ['-s', '-w', '-X helm.sh/helm/v4/internal/version.version=v4.3.0'],
    },
    {
      'linux-x64': {
        url: 'https://get.helm.sh/helm-v4.3.0-linux-amd64.tar.gz',
        sha256: '86584a54def73570558f66f5111cc53dfed56689637ae32c1201205d494f54fb',
        member: 'linux-amd64/helm',
      },
    },
  ),
  {
    name: 'registry',
    version: '3.0.0',
    purpose: 'an OCI registry that tests push charts and artifacts to',
    commands: ['registry'],
    versionArgs: ['--version'],
    versionPattern: / v?(\d+\.\d+\.\d+)/,
    build: {
      folder: 'registry',
      package: 'github.com/distribution/distribution/v3/cmd/registry',
      ldflags: ['-s', '-w', '-X github.com/distribution/distribution/v3/version.version=v3.0.0'],
    },
    releases: {},
  },
]

/** The recipe of that name, or null where no such program is known. */
export function recipeOf(name: string): ToolRecipe | null {
  return recipes.find((recipe) => recipe.name === name) ?? null
}

/** Environment variable that names the program to use: `kube-apiserver` → `MAINSTAY_TOOL_KUBE_APISERVER`. */
export function variableOf(name: string): string {
  return `MAINSTAY_TOOL_${name.toUpperCase().replaceAll('-', '_')}`
}

/** True where `version` is the recipe's version up to the patch level. */
export function fits(recipe: ToolRecipe, version: string): boolean {
  const minor = (text: string): string => text.split('.').slice(0, 2).join('.')
  return minor(version) === minor(recipe.version)
}
