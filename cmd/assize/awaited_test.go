package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReadPolicyIsInterrupted: a reader that nothing is written to does not keep the program.
func TestReadPolicyIsInterrupted(t *testing.T) {
	t.Parallel()
	in, writer := io.Pipe()
	t.Cleanup(func() { _ = writer.Close() })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := readPolicy(ctx, "-", in); err == nil || err.Error() != "read the policy -: interrupted" {
		t.Errorf("got %v, want that it was interrupted", err)
	}
}

// TestReadPolicy: a file, what is typed, and a file of the name "-" where nothing is typed.
func TestReadPolicy(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "p.json")
	if err := os.WriteFile(name, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		in   io.Reader
		want string
	}{
		{name, nil, "{}"},
		{"-", strings.NewReader("typed"), "typed"},
	} {
		got, err := readPolicy(t.Context(), c.name, c.in)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: got %q, %v, want %q", c.name, got, err, c.want)
		}
	}
	if _, err := readPolicy(t.Context(), name+"-none", nil); err == nil || strings.Count(err.Error(), name) != 1 {
		t.Errorf("got %v, want an error that names the file once", err)
	}
}

// TestInputOfPipes: authorization details are read twice, those from a pipe as well.
func TestInputOfPipes(t *testing.T) {
	t.Parallel()
	in := &input{name: "pipe", whole: []byte(`{"RoleDetailList":[{"Arn":"arn:aws:iam::111122223333:role/a"}]}`)}
	for range 2 {
		if account, err := in.account(); err != nil || account != "111122223333" {
			t.Errorf("got %q, %v, want the account", account, err)
		}
	}
}
