package config_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect/terraform/config"
)

// FuzzConfiguration evaluates whatever is given as a file: it ends, without a panic, and leaves no token in what it says.
func FuzzConfiguration(f *testing.F) {
	seed := func(path string, d fs.DirEntry, err error) error {
		ext := filepath.Ext(path)
		if err != nil || d.IsDir() || ext != ".tf" && filepath.Base(path) != "providers.tf.json" {
			return err
		}
		data, err := os.ReadFile(path)
		f.Add(data, ext == ".json")
		return err
	}
	if err := filepath.WalkDir("../testdata/plans", seed); err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(expressions), false)
	f.Add([]byte(queried), false)
	f.Fuzz(func(t *testing.T, data []byte, isJSON bool) {
		name := "main.tf"
		if isJSON {
			name = "main.tf.json"
		}
		c, err := config.ReadFS(fstest.MapFS{name: {Data: data}, "m/main.tf": {Data: []byte(`output "o" { value = 1 }`)}}, ".")
		if err != nil {
			return
		}
		e, err := c.Evaluate(config.Options{Identifies: identifies})
		if err != nil {
			return
		}
		for _, o := range e.Objects {
			if hasToken(e.Settle(o, targets)) {
				t.Errorf("%s: a token is left in %v", o.Address, o.Attributes)
			}
		}
	})
}

func hasToken(v assize.Value) bool {
	switch x := v.(type) {
	case string:
		for _, r := range x {
			if r == '\uFDD0' || r == '\uFDD1' {
				return true
			}
		}
	case assize.List:
		for _, e := range x {
			if hasToken(e) {
				return true
			}
		}
	case assize.Object:
		for _, f := range x {
			if hasToken(f.Name) || hasToken(f.Value) {
				return true
			}
		}
	}
	return false
}

// FuzzVariables reads whatever is given as values of variables.
func FuzzVariables(f *testing.F) {
	f.Add([]byte("a = 1\n"), "terraform.tfvars")
	f.Add([]byte(`{"a": [1, {"b": null}]}`), "x.auto.tfvars.json")
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		fsys := fstest.MapFS{"main.tf": {Data: []byte("variable \"a\" {}\nresource \"aws_x\" \"r\" {\n  v = var.a\n}\n")}}
		if fs.ValidPath(name) && name != "main.tf" && name != "." {
			fsys[name] = &fstest.MapFile{Data: data}
		}
		c, err := config.ReadFS(fsys, ".")
		if err != nil {
			return
		}
		if _, err := c.Evaluate(config.Options{}); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Log(err)
		}
	})
}
