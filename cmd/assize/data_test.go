package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
)

// TestHarmlessAnswers: nothing that people or accounts have named does anything to a terminal, as text or as JSON, and
// JSON loses nothing of it.
func TestHarmlessAnswers(t *testing.T) {
	t.Parallel()
	const attack = "a\x1b[31m\u009b31m\u202eelif\u2066\u200b\u200d\ufeff\u00ad\u2028\u061c\U000e0041 <b> & 日本語 é"
	for name, write := range map[string]func(*cobra.Command, any) error{
		"an answer of a deployment": func(cmd *cobra.Command, v any) error { return (&session{cmd: cmd, json: true}).show(v, nil) },
		"a page of the library":     writeJSON,
	} {
		var out bytes.Buffer
		cmd := &cobra.Command{}
		cmd.SetOut(&out)
		want := map[string]string{"name": attack}
		if err := write(cmd, want); err != nil {
			t.Fatal(err)
		}
		harmless(t, name, out.String())
		var got map[string]string
		if err := json.Unmarshal(out.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	harmless(t, "text", clean(attack))
	if got, want := clean("a b é 日本語"), "a b é 日本語"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func harmless(t *testing.T, name, out string) {
	t.Helper()
	if i := strings.IndexFunc(out, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }); i >= 0 {
		t.Errorf("%s: %q is alive", name, out[i:min(i+20, len(out))])
	}
}
