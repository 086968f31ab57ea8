package library

import (
	"io/fs"
	"path"
	"slices"

	"github.com/assize-dev/assize"
)

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

// LoadInstead loads as [Load] does, but takes the framework of that id, and its mappings, from the
// last folder alone: what others hold of it is passed over, whether it is a file or a folder there.
func LoadInstead(id string, folders ...Folder) (*Library, error) {
	all := append([]Folder{builtIn}, folders...)
	for i := range all[:len(all)-1] {
		all[i].FS = without{all[i].FS, []string{"frameworks/" + id, "frameworks/" + id + ".yaml", "mappings/" + id + ".yaml"}}
	}
	return load(all, func(l *Library, files []file) error {
		return l.compile(files, func(*assize.Check) bool { return false })
	})
}

// without is a file system whose listings leave some paths out.
type without struct {
	fs.FS
	paths []string
}

// ReadDir lists a folder.
func (w without) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(w.FS, name)
	return slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return slices.Contains(w.paths, path.Join(name, e.Name())) }), err
}
