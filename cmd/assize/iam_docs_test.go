package main

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/examples/acme"
	"github.com/assize-dev/assize/iam"
)

var digests = regexp.MustCompile(`sha256 [0-9a-f]{12}`)

// allReadings is every bit.
const allReadings = ^iam.Ambiguity(0)

// docs/iam.md shows what is really printed, but for the digests of the example and of the data.
func TestIAMDocumentShowsRealOutput(t *testing.T) {
	doc, err := os.ReadFile("../../docs/iam.md")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	_, office, _ := strings.Cut(string(doc), "`office.json`:\n\n```json\n")
	office, _, _ = strings.Cut(office, "```")
	for name, content := range map[string]string{"acme.assize": string(acme.Snapshot), "office.json": office} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	blocks := strings.Split(string(doc), "```console\n$ assize ")
	if len(blocks) < 5 {
		t.Fatalf("the document shows %d commands", len(blocks)-1)
	}
	for _, block := range blocks[1:] {
		block, _, _ = strings.Cut(block, "```")
		command, shown, _ := strings.Cut(block, "\n")
		args := strings.Fields(strings.ReplaceAll(command, "'", ""))
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), args, &stdout, &stderr); code != 0 {
			t.Errorf("%s: exit %d: %s", command, code, stderr.String())
		}
		want, got := digests.ReplaceAllString(shown, "sha256 …"), digests.ReplaceAllString(stdout.String(), "sha256 …")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-shown +printed):\n%s", command, diff)
		}
	}
}

// Every reading of AWS's documentation that a decision can depend on is said in words.
func TestReadingTexts(t *testing.T) {
	t.Parallel()
	for _, code := range allReadings.Codes() {
		if readingTexts[code] == "" {
			t.Errorf("no text for %s", code)
		}
	}
	if got, want := len(readingTexts), len(allReadings.Codes()); got != want {
		t.Errorf("%d texts for %d readings", got, want)
	}
}
