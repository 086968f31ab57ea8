package main

import (
	"bytes"
	"strings"
	"testing"
)

// An export can be repeated byte for byte, and a time that is none is refused rather than passed over.
func TestExportTime(t *testing.T) {
	for set, want := range map[string]string{
		"1767225600": `"last-modified": "2026-01-01T00:00:00Z"`, "yesterday": "SOURCE_DATE_EPOCH", "-1": "SOURCE_DATE_EPOCH", "99999999999999": "SOURCE_DATE_EPOCH",
	} {
		t.Setenv("SOURCE_DATE_EPOCH", set)
		var out, errs bytes.Buffer
		code := run(t.Context(), []string{"framework", "export", "assize_genai_best_practices_v2", "--format", "oscal"}, &out, &errs)
		if fits := code == 0; fits != (set == "1767225600") || !strings.Contains(out.String()+errs.String(), want) {
			t.Errorf("SOURCE_DATE_EPOCH=%s: exit %d, %s", set, code, errs.String())
		}
	}
}
