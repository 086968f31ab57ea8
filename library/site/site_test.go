package site_test

import (
	"encoding/json"
	"path"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/library"
	"github.com/assize-dev/assize/library/reference"
	"github.com/assize-dev/assize/library/site"
)

func write(lib *library.Library, err error) (map[string]string, error) {
	if err != nil {
		return nil, err
	}
	r, err := reference.New(lib)
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	err = site.Write(r, func(path string, data []byte) error {
		files[path] = string(data)
		return nil
	})
	return files, err
}

var shipped = sync.OnceValues(func() (map[string]string, error) { return write(library.Load()) })

var (
	links   = regexp.MustCompile(`(href|src|action)="([^"]*)"`)
	anchors = regexp.MustCompile(`<a rel="noreferrer" href="https://[^"]*">`)
)

// Every link leads to a page of the site; nothing is fetched from elsewhere.
func TestLinks(t *testing.T) {
	t.Parallel()
	files, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	lower := map[string]string{}
	for name, text := range files {
		if other := lower[strings.ToLower(name)]; other != "" {
			t.Errorf("%s and %s differ in letter case only", name, other)
		}
		lower[strings.ToLower(name)] = name
		if path.Ext(name) != ".html" {
			continue
		}
		for _, m := range links.FindAllStringSubmatch(anchors.ReplaceAllString(text, ""), -1) {
			if m[2] == "#main" {
				continue
			}
			if to := path.Join(path.Dir(name), m[2]); files[to] == "" || strings.HasPrefix(m[2], "/") {
				t.Errorf("%s: %s=%q leads to no file", name, m[1], m[2])
			}
		}
		for _, want := range []string{`<html lang="en">`, "<title>", `<main id="main">`, `class="skip"`, `<label for="q"`} {
			if strings.Count(text, want) != 1 {
				t.Errorf("%s: want %s once", name, want)
			}
		}
		if strings.Count(text, "<h1") != 1 {
			t.Errorf("%s: want one heading of the first level", name)
		}
	}
}

// The index of the search names every page, and can be read as JSON.
func TestSearchIndex(t *testing.T) {
	t.Parallel()
	files, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	text := strings.TrimSuffix(strings.TrimPrefix(files["assets/search.js"], "var assizeIndex = "), ";\n")
	var rows [][5]string
	if err := json.Unmarshal([]byte(text), &rows); err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, r := range rows {
		named[r[4]] = true
	}
	for name := range files {
		if path.Ext(name) == ".html" && path.Base(name) != "index.html" && !named[name] {
			t.Errorf("the search does not know %s", name)
		}
	}
	if !strings.Contains(text, "AWS Generative AI Best Practices Framework v2") {
		t.Error("the search does not know the aliases of frameworks")
	}
}

// The same content gives the same bytes.
func TestRepeatable(t *testing.T) {
	t.Parallel()
	want, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	got, err := write(library.Load())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("a second site differs (-first +second):\n%.2000s", diff)
	}
}

// Content of users is text, never markup, and its ids never leave the site's folder.
func TestHostileContent(t *testing.T) {
	t.Parallel()
	const hostile = `title: "<script>alert(1)</script>"
version: "1"
provenance: '"><img src=x onerror=alert(1)>'
licence: ours
description: "</title><script> \e[31mred \u202Eback"
sources: ["https://example.com/\"><script>alert(1)</script>"]
groups:
  - id: "g"
    title: "<b>g</b>"
    controls:
      - {id: "A/../../../x", title: "<i>", checks: [s3_bucket_versioning_enabled]}
      - {id: "a/../../../X", title: "same but for letter case", checks: [s3_bucket_versioning_enabled]}
`
	files, err := write(library.Load(library.Folder{Name: "hostile", FS: fstest.MapFS{"frameworks/evil.yaml": {Data: []byte(hostile)}}}))
	if err != nil {
		t.Fatal(err)
	}
	pages := 0
	for name, text := range files {
		if name != path.Clean(name) || strings.HasPrefix(name, "..") || path.IsAbs(name) {
			t.Errorf("%q leaves the folder of the site", name)
		}
		if strings.HasPrefix(name, "controls/evil/") {
			pages++
		}
		for _, bad := range []string{"<script>alert", "<img", "<i>", "</title><script>", "\x1b", "\u202e"} {
			if path.Ext(name) == ".html" && strings.Contains(text, bad) || name == "assets/search.js" && strings.Contains(text, bad) {
				t.Errorf("%s holds %q as markup", name, bad)
			}
		}
	}
	if pages != 2 {
		t.Errorf("two controls have %d pages", pages)
	}
}
