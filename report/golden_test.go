package report

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestGolden(t *testing.T) {
	t.Parallel()
	actions := func(op string) []string {
		if op == "s3:GetBucketPolicy" {
			return []string{"s3:GetBucketPolicy"}
		}
		return nil
	}
	tests := []struct {
		file, format string
		opt          Options
	}{
		{"report-80.txt", "text", Options{Width: 80, Actions: actions}},
		{"report-120.txt", "text", Options{Width: 120, Actions: actions}},
		{"report-verbose.txt", "text", Options{Width: 100, Verbose: true}},
		{"report-color.txt", "text", Options{Width: 100, Color: true}},
		{"report.json", "json", Options{}},
		{"report.sarif", "sarif", Options{}},
		{"report.csv", "csv", Options{}},
		{"report.junit.xml", "junit", Options{}},
		{"report.github.txt", "github", Options{}},
		{"report.gitlab.json", "gitlab", Options{}},
		{"report.ocsf.jsonl", "ocsf", Options{}},
		{"report.cdx.json", "cyclonedx", Options{}},
		{"report.html", "html", Options{Actions: actions}},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()
			golden(t, tt.file, newFake().render(t, tt.format, tt.opt))
		})
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	path := filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got), run the test with -update where the change is meant:\n%s", file, diff)
	}
}
