package keys_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/assize-dev/assize/keys"
)

func TestFile(t *testing.T) {
	t.Parallel()
	ctx, folder := t.Context(), filepath.Join(t.TempDir(), "keys")
	key, err := keys.OpenFile(folder)
	if err != nil {
		t.Fatal(err)
	}
	plain := bytes.Repeat([]byte{7}, keys.KeySize)
	wrapped, err := key.Wrap(ctx, plain)
	if err != nil || bytes.Contains(wrapped, plain) {
		t.Fatalf("got %x, %v", wrapped, err)
	}
	again, err := keys.OpenFile(folder)
	if err != nil || again.ID() != key.ID() {
		t.Fatalf("opened again: got %v, %v, want the key %s", again, err, key.ID())
	}
	if got, err := again.Unwrap(ctx, wrapped); err != nil || !bytes.Equal(got, plain) {
		t.Errorf("got %x, %v, want %x", got, err, plain)
	}
	other, err := keys.OpenFile(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Unwrap(ctx, wrapped); err == nil {
		t.Error("another key unwraps it")
	}
	for i := range wrapped {
		changed := bytes.Clone(wrapped)
		changed[i] ^= 1
		if _, err := key.Unwrap(ctx, changed); err == nil {
			t.Errorf("with byte %d changed it is unwrapped", i)
		}
	}
}

// TestAtOnce holds that processes which start together take one key.
func TestAtOnce(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "keys")
	var mu sync.Mutex
	wraps, logs := map[string]bool{}, map[string]bool{}
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			key, err := keys.OpenFile(folder)
			log, errLog := keys.OpenLog(folder, "assize-ledger/test")
			if err != nil || errLog != nil {
				t.Error(err, errLog)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			wraps[key.ID()], logs[log.VerifierText] = true, true
		})
	}
	wg.Wait()
	if len(wraps) != 1 || len(logs) != 1 {
		t.Errorf("got %d wrapping keys and %d keys of the ledger, want one of each", len(wraps), len(logs))
	}
	left, err := filepath.Glob(filepath.Join(folder, ".key-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

// TestPublicKey: the public key is written where it does not stand, whole, and otherwise left alone: the folder may be
// read-only by then, and an auditor may be reading.
func TestPublicKey(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "keys")
	open := func() *keys.Log {
		t.Helper()
		log, err := keys.OpenLog(folder, "assize-ledger/test")
		if err != nil {
			t.Fatal(err)
		}
		return log
	}
	want := open().VerifierText + "\n"
	path, past := filepath.Join(folder, "ledger.pub"), time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	if err := os.Chtimes(path, past, past); err != nil {
		t.Fatal(err)
	}
	open()
	if info, err := os.Stat(path); err != nil || !info.ModTime().Equal(past) || info.Mode().Perm() != 0o644 {
		t.Errorf("opened again: %v, mode %v; the key was written again at %v", err, info.Mode(), info.ModTime())
	}
	for _, there := range []string{"", want[:20], "another\n"} {
		if err := os.WriteFile(path, []byte(there), 0o600); err != nil {
			t.Fatal(err)
		}
		open()
		if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("where %q stood: got %q, %v, want %q", there, got, err, want)
		}
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 2 {
		t.Errorf("got %v, %v, want the two keys", entries, err)
	}
}

func TestFilesAreHeldToTheirForm(t *testing.T) {
	t.Parallel()
	open := map[string]func(string) error{
		"wrap.key":   func(folder string) error { _, err := keys.OpenFile(folder); return err },
		"ledger.key": func(folder string) error { _, err := keys.OpenLog(folder, "assize-ledger/test"); return err },
	}
	other, err := keys.OpenLog(filepath.Join(t.TempDir(), "other"), "assize-ledger/test")
	if err != nil {
		t.Fatal(err)
	}
	for name, do := range open {
		for what, change := range map[string]func(path string, text []byte) error{
			"readable by others": func(path string, _ []byte) error { return os.Chmod(path, 0o644) },
			"empty":              func(path string, _ []byte) error { return os.WriteFile(path, nil, 0o600) },
			"cut off":            func(path string, text []byte) error { return os.WriteFile(path, text[:len(text)/2], 0o600) },
			"a folder": func(path string, _ []byte) error {
				if err := os.Remove(path); err != nil {
					return err
				}
				return os.Mkdir(path, 0o700)
			},
			"with the verifier of another": func(path string, text []byte) error {
				first, _, _ := strings.Cut(string(text), "\n")
				return os.WriteFile(path, []byte(first+"\n"+other.VerifierText+"\n"), 0o600)
			},
		} {
			folder := filepath.Join(t.TempDir(), "keys")
			if err := do(folder); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(folder, name)
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := change(path, text); err != nil {
				t.Fatal(err)
			}
			if err := do(folder); err == nil {
				t.Errorf("%s that is %s was taken", name, what)
			}
		}
	}
}
