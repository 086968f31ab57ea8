package aws

import (
	"testing"

	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/google/go-cmp/cmp"
)

// TestTextractAdapters reads the versions of both adapters over two pages.
func TestTextractAdapters(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	got := s.collect(t, &textractAdapters)
	if diff := cmp.Diff([]string{"0a1b2c3d4e5f/1", "0f1e2d3c4b5a/1"}, idsOf(got, typeTextractVersion)); diff != "" {
		t.Fatalf("versions (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{typeTextractVersion: "complete"}, coverageOf(got)); diff != "" {
		t.Errorf("coverage (-want +got):\n%s", diff)
	}
	r := recordOf(t, got, typeTextractVersion, "0a1b2c3d4e5f/1")
	if want := "arn:aws:textract:" + bedrockRegion + ":" + s.account + ":/adapters/0a1b2c3d4e5f/versions/1"; r.ARN != want {
		t.Errorf("ARN: got %s, want %s", r.ARN, want)
	}
	checkFacts(t, properties(t, r), map[string]string{
		"AdapterId": `"0a1b2c3d4e5f"`, "Status": `"ACTIVE"`,
		"KMSKeyId":                              `"arn:aws:kms:` + bedrockRegion + ":" + s.account + `:key/7d0c1f1e-52a4-4c55-9f0d-6a1f0c3b2e11"`,
		"DatasetConfig.ManifestS3Object.Bucket": `"claims-training"`, "OutputConfig.S3Bucket": `"claims-training"`,
	})
	checkFacts(t, properties(t, recordOf(t, got, typeTextractVersion, "0f1e2d3c4b5a/1")), map[string]string{"KMSKeyId": ""})
}

// TestTextractAdaptersGaps denies each of the calls, and gives wrong answers to it.
func TestTextractAdaptersGaps(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		operation, body string
		status          int
		list            string // how the list of versions stands after it
		key             string // of a version that is found all the same
	}{
		{"ListAdapters", `{"__type": "com.amazonaws.textract#AccessDeniedException", "Message": "no"}`, 400, "denied", ""},
		{"ListAdapters", `{"__type": "AccessDeniedException:", "message": "no"}`, 400, "denied", ""},
		{"ListAdapters", `{"Adapters": "none"}`, 200, "wrong answer", ""},
		{"ListAdapters", `{}`, 403, "denied", ""},
		{"ListAdapterVersions", `{"__type": "AccessDeniedException"}`, 400, "denied", ""},
		{"ListAdapterVersions", `{"__type": "InternalServerError"}`, 500, "service error", ""},
		{"GetAdapterVersion", `{"__type": "AccessDeniedException"}`, 400, "complete", "unknown: denied"},
		{"GetAdapterVersion", `{}`, 200, "complete", "unknown: wrong answer"},
	} {
		t.Run(c.operation+" "+c.body, func(t *testing.T) {
			t.Parallel()
			s := newBedrockStage(t)
			s.Answer("textract", c.operation, fakeaws.Match{}, c.status, c.body)
			got := s.collect(t, &textractAdapters)
			if diff := cmp.Diff(map[string]string{typeTextractVersion: c.list}, coverageOf(got)); diff != "" {
				t.Errorf("coverage (-want +got):\n%s", diff)
			}
			if c.key == "" {
				if ids := idsOf(got, typeTextractVersion); len(ids) > 0 {
					t.Errorf("versions: got %v, want none", ids)
				}
				return
			}
			checkFacts(t, properties(t, recordOf(t, got, typeTextractVersion, "0a1b2c3d4e5f/1")), map[string]string{"KMSKeyId": c.key})
		})
	}
}
