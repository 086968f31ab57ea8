package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// errElsewhere: a module that would have to be downloaded, and was not.
var errElsewhere = errors.New("not in the folder; terraform init downloads it")

// folders are modules in folders, as people keep them: local ones where their source says,
// others where Terraform's list of downloaded modules says.
type folders struct {
	top    string            // the root module within the file system
	listed map[string]string // folders of downloaded modules, by key
}

func (f *folders) root() string { return f.top }

func (f *folders) module(key, callerDir, source string) (dir, display string, err error) {
	switch {
	case isLocal(source):
		dir = path.Join(callerDir, source)
	case f.listed[key] != "":
		dir = path.Join(f.top, f.listed[key])
	default:
		return "", "", fmt.Errorf("source %q: %w", PublicSource(source), errElsewhere)
	}
	if !fs.ValidPath(dir) {
		return "", "", fmt.Errorf("source %q leads out of what is read: %w", PublicSource(source), errElsewhere)
	}
	display, err = filepath.Rel(f.top, dir)
	return dir, filepath.ToSlash(display), err
}

// isLocal tells the source of a module in the same repository.
func isLocal(source string) bool {
	return strings.HasPrefix(source, "./") || strings.HasPrefix(source, "../")
}

// listedModule is a line of Terraform's list of modules.
type listedModule struct {
	Key, Source, Version, Dir string
}

// ReadFolder reads the configuration in a folder, and the modules that it calls where they stand in the same
// repository. Nothing outside of the repository is read, nor anything that a symbolic link there leads to.
func ReadFolder(folder string) (*Configuration, error) {
	abs, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	if abs, err = filepath.EvalSymlinks(abs); err != nil {
		return nil, err
	}
	top := repository(abs)
	root, err := os.OpenRoot(top)
	if err != nil {
		return nil, err
	}
	// It stays open: functions read files while the configuration is evaluated.
	rel, err := filepath.Rel(top, abs)
	if err != nil {
		return nil, err
	}
	return ReadFS(root.FS(), filepath.ToSlash(rel))
}

// repository is the closest folder above that has a .git; the folder itself where none has.
func repository(folder string) string {
	for dir := folder; ; dir = filepath.Dir(dir) {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			return folder
		}
	}
}

// ReadFS reads the configuration in a folder of a file system.
func ReadFS(fsys fs.FS, folder string) (*Configuration, error) {
	f := &folders{top: path.Clean(folder), listed: map[string]string{}}
	modules := map[string]Module{}
	data, err := readBounded(fsys, path.Join(f.top, ".terraform/modules/modules.json"))
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	default:
		var list struct{ Modules []listedModule }
		if err := json.Unmarshal(data, &list); err != nil {
			return nil, fmt.Errorf(".terraform/modules/modules.json: %w; run terraform init", err)
		}
		for _, m := range list.Modules {
			f.listed[m.Key] = m.Dir
			modules[m.Key] = Module{m.Source, m.Version}
		}
	}
	c, err := load(fsys, f)
	if err != nil {
		return nil, fmt.Errorf("reading configuration: %w", err)
	}
	c.Modules = modules
	return c, nil
}

// archive is the configuration within a saved plan.
type archive struct {
	dirs map[string]string // by key
}

const archiveRoot = "tfconfig/m-"

func (a *archive) root() string { return archiveRoot }

func (a *archive) module(key, _, source string) (dir, display string, err error) {
	display, ok := a.dirs[key]
	if !ok {
		return "", "", fmt.Errorf("source %q: not in the plan: %w", PublicSource(source), errElsewhere)
	}
	return archiveRoot + key, path.Clean(filepath.ToSlash(display)), nil
}

// ReadPlan reads the configuration that a saved plan holds: the files of its archive.
func ReadPlan(fsys fs.FS) (*Configuration, error) {
	data, err := readBounded(fsys, "tfconfig/modules.json")
	if err != nil {
		return nil, fmt.Errorf("the plan file holds no configuration: %w", err)
	}
	var list []listedModule
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("tfconfig/modules.json in the plan file: %w", err)
	}
	a := &archive{dirs: map[string]string{}}
	modules := map[string]Module{}
	for _, m := range list {
		a.dirs[m.Key] = m.Dir
		modules[m.Key] = Module{m.Source, m.Version}
	}
	c, err := load(fsys, a)
	if err != nil {
		return nil, fmt.Errorf("reading the configuration in the plan file: %w", err)
	}
	c.Modules = modules
	return c, nil
}

// readAll reads to the end, and no more than a file may have.
func readAll(r io.Reader, into []byte, name string) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("%s: more than %d bytes", name, maxFile)
	}
	return append(into, data...), nil
}

// plainJSON is a value of JSON as it stands.
func plainJSON(raw []byte) (cty.Value, error) {
	ty, err := ctyjson.ImpliedType(raw)
	if err != nil {
		return cty.NilVal, err
	}
	return ctyjson.Unmarshal(raw, ty)
}
