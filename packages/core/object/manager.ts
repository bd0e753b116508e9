// The field manager under which we apply: the same name as Argo CD's, so that its objects are ours without a diff.

/** Field manager of server-side apply. Another name would make every field of an adopted object a conflict. */
export const FIELD_MANAGER = 'argocd-controller'
