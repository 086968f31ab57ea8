package library

// LoadStrict loads as [Load] does, and lints everything: each check is compiled, each framework,
// mapping, common control and governance record is judged, with what folders lay over them. The
// error joins all faults, each with file and line.
func LoadStrict(folders ...Folder) (*Library, error) {
	l, err := load(append([]Folder{builtIn}, folders...), compileAll)
	if err != nil {
		return nil, err
	}
	return l, l.Lint()
}
