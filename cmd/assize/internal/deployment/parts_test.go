package deployment

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRememberedWithoutPassword(t *testing.T) {
	t.Parallel()
	for store, want := range map[string]string{
		"postgres://assize:hunter2@db/assize?sslmode=require":           "postgres://assize@db/assize?sslmode=require",
		"postgres://db/assize?password=hunter2&user=assize":             "postgres://db/assize?user=assize",
		"postgresql://assize@db:5433/assize?host=/run/postgresql&a=%2F": "postgresql://assize@db:5433/assize?host=/run/postgresql&a=%2F",
	} {
		dir := t.TempDir()
		first, err := Options{Data: dir, Store: store}.remembered()
		if err != nil || first.Store != store {
			t.Errorf("%s: got %s and %v, want it to be used as it is", store, first.Store, err)
		}
		if err := first.remember(); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(dir, optionsFile))
		if err != nil || strings.Contains(string(text), "hunter2") {
			t.Errorf("%s: got %s and %v, want no password in it", store, text, err)
		}
		later, err := Options{Data: dir}.remembered()
		if err != nil || later.Store != want {
			t.Errorf("%s: got %s and %v later, want %s", store, later.Store, err, want)
		}
	}
	err := Options{Data: t.TempDir(), Store: "postgres://assize:hunter2%zz@db/assize"}.remember()
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v, want a URL that cannot be read refused without its password", err)
	}
}

// TestMistyped: a store that cannot be opened is not remembered.
func TestMistyped(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	for _, where := range []string{"mysql://db/assize", filepath.Join(data, "no", "such", "folder.db")} {
		if p, err := OpenParts(t.Context(), Options{Data: data, Store: where}); err == nil {
			t.Errorf("%s was opened: %v", where, p.Close())
		}
	}
	p, err := OpenParts(t.Context(), Options{Data: data})
	if err != nil {
		t.Fatalf("what was mistyped is remembered: %v", err)
	}
	if err := p.Close(); err != nil || !Made(data) {
		t.Errorf("got %v, want a deployment", err)
	}
}
