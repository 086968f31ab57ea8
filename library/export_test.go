package library

// LoadCompiled loads what is built in and compiles every check, which Load leaves until one is needed.
func LoadCompiled() (*Library, error) { return load([]Folder{builtIn}, compileAll) }
