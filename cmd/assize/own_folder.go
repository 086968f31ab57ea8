package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/library"
)

// ownFolder is a folder of content of the user, which commands write to.
type ownFolder struct {
	dir     string
	force   bool
	library libraryFlags // what lies below it
}

func (o *ownFolder) add(cmd *cobra.Command) {
	o.library.add(cmd)
	cmd.Flags().StringVar(&o.dir, "into", "", "your folder of content, which is made where there is none (default: the last --library)")
	cmd.Flags().BoolVar(&o.force, "force", false, "write over files that are there")
}

// path is the folder.
func (o *ownFolder) path() (string, error) {
	switch {
	case o.dir != "":
		return filepath.Clean(o.dir), nil
	case len(o.library.folders) > 0:
		return filepath.Clean(o.library.folders[len(o.library.folders)-1]), nil
	}
	return "", errors.New("name your folder of content: --into DIR")
}

// load loads the library with the folder laid over it, where there is content in it.
func (o *ownFolder) load() (*library.Library, error) {
	folders, err := o.folders()
	if err != nil {
		return nil, err
	}
	return library.Load(folders...)
}

// folders are those of --library, and the own one on top where it holds content.
func (o *ownFolder) folders() ([]library.Folder, error) {
	dir, err := o.path()
	if err != nil {
		return nil, err
	}
	flags := libraryFlags{folders: slices.DeleteFunc(slices.Clone(o.library.folders), func(f string) bool { return filepath.Clean(f) == dir })}
	if holdsContent(dir) {
		flags.folders = append(flags.folders, dir)
	}
	return flags.open()
}

// holdsContent reports whether there is a YAML file that the library would read.
func holdsContent(dir string) bool {
	found := false
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != dir && strings.HasPrefix(d.Name(), "."):
			return filepath.SkipDir
		case !d.IsDir() && filepath.Ext(path) == ".yaml" && d.Name() != "examples.yaml":
			found = true
			return filepath.SkipAll
		}
		return nil
	})
	return err == nil && found
}

// judge loads the library with files laid over the folder, before they are written to it.
func (o *ownFolder) judge(files map[string][]byte, lint func(*library.Library) error) (err error) {
	folders, err := o.folders()
	if err != nil {
		return err
	}
	temp, err := os.MkdirTemp("", "assize-content-")
	if err != nil {
		return fmt.Errorf("check the content before it is written: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	if err := writeFiles(temp, files); err != nil {
		return err
	}
	dir, err := o.path()
	if err != nil {
		return err
	}
	lib, err := library.Load(append(folders, library.Folder{Name: dir, FS: os.DirFS(temp)})...)
	if err != nil {
		return err
	}
	return lint(lib)
}

// put writes files into the folder, by path below it with slashes, and says so. None of them may be
// there unless --force is given, but an original that is kept already.
func (o *ownFolder) put(cmd *cobra.Command, files map[string][]byte) error {
	dir, err := o.path()
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if _, err := os.Stat(path); err != nil || o.force {
			continue
		}
		if there, err := readFile(path, maxDocument); err == nil && strings.HasPrefix(name, originals) && bytes.Equal(there, files[name]) {
			continue // kept once for all frameworks that are made on it
		}
		return fmt.Errorf("%s is there already: choose another id, or --force", path)
	}
	if err := writeFiles(dir, files); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(cmd.OutOrStdout(), "wrote %s\n", line(filepath.Join(dir, filepath.FromSlash(name))))
	}
	return nil
}

// writeFiles writes files below a folder, each complete or not at all.
func writeFiles(dir string, files map[string][]byte) error {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fmt.Errorf("write %s: %w", path, err)
		}
		temp, err := os.CreateTemp(filepath.Dir(path), ".new-*")
		if err != nil {
			return fmt.Errorf("write %s: %w", path, err)
		}
		_, err = temp.Write(files[name])
		if err := errors.Join(err, temp.Chmod(0o644), temp.Close()); err != nil {
			return fmt.Errorf("write %s: %w", path, errors.Join(err, os.Remove(temp.Name())))
		}
		if err := os.Rename(temp.Name(), path); err != nil {
			return fmt.Errorf("write %s: %w", path, errors.Join(err, os.Remove(temp.Name())))
		}
	}
	return nil
}
