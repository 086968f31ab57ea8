package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/assize-dev/assize/evidence"
	"github.com/assize-dev/assize/verify"
)

const (
	vectors = "../../verify/testdata/"
	key     = "test.example/assize+37b6ac60+AUFEXo+x6vWzJbh4c56/+l545X5gDJgdvraoca4B+4An"
)

func TestRun(t *testing.T) {
	t.Parallel()
	keyFile := filepath.Join(t.TempDir(), "ledger.pub")
	if err := os.WriteFile(keyFile, []byte(key+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	good := vectors + "good.zip"
	folder := filepath.Join(t.TempDir(), "c++ and+more")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	plusFile, noKey, secretFile := filepath.Join(folder, "ledger.pub"), filepath.Join(folder, "no.pub"), filepath.Join(folder, "ledger.key")
	for path, text := range map[string]string{plusFile: key + "\n", noKey: "-----BEGIN PUBLIC KEY-----\n", secretFile: "PRIVATE+KEY+test.example/assize+37b6ac60+ATWg\n" + key + "\n"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		name, out, err string
		args           []string
		status         int
	}{
		{"good", "genuine and complete", "", []string{"--key", key, good}, 0},
		{"key in a file", "given by you", "", []string{"--key", keyFile, good}, 0},
		{"no key", "who made the bundle", "", []string{good}, 0},
		{"bad", "CANNOT BE TRUSTED", "", []string{"--key", key, vectors + "body-replaced.zip"}, 1},
		{"another key", "another key than the one that you trust", "", []string{"--key", key, vectors + "other-key.zip"}, 1},
		{"signed by the key that it brings", "who made the bundle", "", []string{vectors + "other-key.zip"}, 0},
		{"key in a file whose path has plus signs", "given by you", "", []string{"--key", plusFile, good}, 0},
		{"a file that is no key", "", "is no key of a ledger", []string{"--key", noKey, good}, 2},
		{"a key with a slip", "", "neither a key", []string{"--key", strings.Replace(key, "37b6", "37b7", 1), good}, 2},
		{"the secret key", "", "secret key, which signs", []string{"--key", "PRIVATE+KEY+test.example/assize+37b6ac60+ATWg", good}, 2},
		{"a file with the secret key", "", "no key of a ledger", []string{"--key", secretFile, good}, 2},
		{"a long file as key", "", "more than 4096 bytes", []string{"--key", good, good}, 2},
		{"an entry and a proof", "", "not both", []string{"--proof", "1", "--entry", "2", good}, 2},
		{"no archive", "", "no ZIP archive", []string{"main.go"}, 2},
		{"no file", "", "no such file", []string{"none.zip"}, 2},
		{"a folder", "", "it is no file", []string{"."}, 2},
		{"no key file", "", "neither a key", []string{"--key", "none.pub", good}, 2},
		{"nothing", "", "Exit status", nil, 2},
		{"too much", "", "Exit status", []string{good, good}, 2},
		{"flags behind the report", "", "behind the flags, got 3", []string{good, "--key", key}, 2},
		{"unknown flag", "", "not defined", []string{"--no", good}, 2},
		{"help", "", "Exit status", []string{"--help"}, 0},
		{"no such entry", "", "no leaf 999", []string{"--proof", "999", good}, 2},
		{"an index that no entry has", "", "no leaf -1", []string{"--proof", "-1", good}, 2},
		{"entry", `"_type":"https://in-toto.io/Statement/v1"`, "", []string{"--entry", "0", good}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var out, err bytes.Buffer
			if got := run(test.args, &out, &err); got != test.status || !strings.Contains(out.String(), test.out) || !strings.Contains(err.String(), test.err) {
				t.Errorf("status %d, want %d\n%s%s", got, test.status, out.String(), err.String())
			}
			if strings.Contains(out.String()+err.String(), "+ATWg") {
				t.Errorf("a secret key is shown:\n%s%s", out.String(), err.String())
			}
		})
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	var out, errors bytes.Buffer
	if got := run([]string{"--json", vectors + "body-changed.zip"}, &out, &errors); got != faults {
		t.Errorf("status %d: %s", got, errors.String())
	}
	var r verify.Report
	if err := json.Unmarshal(out.Bytes(), &r); err != nil || r.Good || len(r.Faults) != 1 {
		t.Errorf("%v: %+v", err, r)
	}
}

// TestProof: what --proof and --entry print is what other tools check.
func TestProof(t *testing.T) {
	t.Parallel()
	var proof, entry, errors bytes.Buffer
	if run([]string{"--proof", "3", vectors + "good.zip"}, &proof, &errors)+run([]string{"--entry", "3", vectors + "good.zip"}, &entry, &errors) != 0 {
		t.Fatal(errors.String())
	}
	log, err := note.NewVerifier(key)
	if err != nil {
		t.Fatal(err)
	}
	p, err := evidence.ParseProof(proof.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Check(entry.Bytes(), log); err != nil {
		t.Error(err)
	}
}
