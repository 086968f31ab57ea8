package assize

// Asset is a resource that belongs to AI, with what it names: a node of the graph,
// for a bill of materials.
type Asset struct {
	Resource *Resource
	// Title of the type, "Bedrock agent".
	Title string
	// AI: the type is one of AI itself; otherwise an AI resource uses it.
	AI bool
	// Scope says why it belongs to AI.
	Scope string
	Links []Link
}

// Link is one property of a resource that names another.
type Link struct {
	Path string
	// Type of the resource named.
	Type string
	// Ref is the name as it stands in the property: an ARN, an id, a URI. Empty
	// where the property could not be read.
	Ref string
	// To is the resource named, nil where it was not found.
	To *Resource
	// Unknown says why To is nil.
	Unknown *Unknown
}
