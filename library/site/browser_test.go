//go:build browser

package site_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The search works in a browser from a folder, on a page at the root and on one below it.
func TestSearchInBrowser(t *testing.T) {
	files, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct{ page, query, want string }{
		{"index.html", "secai3.8", `<a href="controls/assize_genai_best_practices_v2/SECAI3.8.html">SECAI3.8</a>`},
		{"checks/index.html", "AWS+Generative+AI+Best+Practices+Framework+v2", `<a href="../frameworks/assize_genai_best_practices_v2.html">assize_genai_best_practices_v2</a>`},
		{"records/access-review.html", "%3Cimg+src%3Dx%3E", "Nothing holds all of these words."},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		out, err := exec.CommandContext(ctx, "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
			"--disable-component-update", "--disable-sync", "--user-data-dir="+t.TempDir(), "--virtual-time-budget=20000", "--dump-dom",
			"file://"+filepath.Join(dir, tt.page)+"?q="+tt.query).Output()
		if err != nil {
			t.Fatalf("chromium: %v", err)
		}
		_, found, _ := strings.Cut(string(out), `<section id="found"`)
		found, _, _ = strings.Cut(found, "</section>")
		if !strings.Contains(found, tt.want) || strings.Contains(found, "<img") {
			t.Errorf("%s?q=%s: want %s, got %.500s", tt.page, tt.query, tt.want, found)
		}
		if first, _, _ := strings.Cut(found, "</li>"); strings.HasPrefix(tt.want, "<a") && !strings.Contains(first, tt.want) {
			t.Errorf("%s?q=%s: is not the first: %.500s", tt.page, tt.query, first)
		}
	}
}
