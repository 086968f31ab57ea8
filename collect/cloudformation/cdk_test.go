package cloudformation_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect/cloudformation"
)

// TestAssembly holds how the CDK's output is read: each stack in its account and Region, stacks
// in nested assemblies and nested stacks, exports of one stack in another, constructs by path.
func TestAssembly(t *testing.T) {
	t.Parallel()
	got, tpl := judge(t, "testdata/cdk.out", cloudformation.Options{Account: "111111111111", Region: "eu-central-1"})
	if tpl.Kind != cloudformation.KindAssembly || tpl.Total != 5 {
		t.Errorf("kind %q with %d resources, want an assembly with 5", tpl.Kind, tpl.Total)
	}
	if len(tpl.Unmapped) != 0 || len(tpl.Warnings) != 0 || len(tpl.Conditional) != 0 {
		t.Errorf("unmapped %v, warnings %v, conditional %v; want none", tpl.Unmapped, tpl.Warnings, tpl.Conditional)
	}
	type place struct{ Account, Region, Construct, ARN string }
	want := map[string]place{
		"Store.template.json:Key961B73FD":             {"111111111111", "eu-central-1", "Store/Key/Resource", ""},
		"Store.template.json:Data7C5C8D4D":            {"111111111111", "eu-central-1", "Store/Data/Resource", ""},
		"Notebooks.template.json:Inner/Notebook":      {"111111111111", "eu-central-1", "Notebooks/Inner/Notebook", ""},
		"assembly-Live/LiveQueue.template.json:Queue": {"222222222222", "us-east-1", "Live/Queue/Resource", "arn:aws:sqs:us-east-1:222222222222:LiveQueue-jobs"},
	}
	places := map[string]place{}
	for _, r := range tpl.After.Resources {
		places[r.ID] = place{r.Account, r.Region, r.Origin.Module, r.KnownARN()}
	}
	if diff := cmp.Diff(want, places); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	key := resource(t, tpl, "Notebooks.template.json:Inner/Notebook").Properties.Get("KmsKeyId")
	if u, ok := key.(*assize.Unknown); !ok || u.Refers == nil || u.Refers.ID != "Store.template.json:Key961B73FD" {
		t.Errorf("key of the notebook: %+v, want the key that the other stack exports", key)
	}
	for check, want := range map[string]assize.Outcome{
		"s3_bucket_enforces_ssl": assize.Pass, "s3_bucket_encrypted_with_kms": assize.Pass, "s3_bucket_logging_enabled": assize.Fail,
	} {
		if got := got["Store.template.json:Data7C5C8D4D"][check]; got != want {
			t.Errorf("%s: got %s, want %s", check, got, want)
		}
	}
}

// TestExports holds that a stack imports what is exported in its own account and Region, and nothing where it is
// not known which of several is meant.
func TestExports(t *testing.T) {
	t.Parallel()
	const exporter = `{"Resources": {"K": {"Type": "AWS::KMS::Key"}}, "Outputs": {"O": {"Value": {"Fn::GetAtt": ["K", "Arn"]}, "Export": {"Name": "key"}}}}`
	for name, tt := range map[string]struct{ one, other, importer, want string }{
		"of the same place":  {"1/eu-west-1", "2/eu-west-1", "2/eu-west-1", "B.json:K"},
		"of another Region":  {"1/eu-west-1", "1/us-east-1", "1/us-east-1", "B.json:K"},
		"of another account": {"1/eu-west-1", "2/eu-west-1", "3/eu-west-1", ""},
		"of any place":       {"1/eu-west-1", "2/us-east-1", "unknown-account/us-east-1", "B.json:K"},
		"of several":         {"1/eu-west-1", "2/eu-west-1", "unknown-account/unknown-region", ""},
		"of one place twice": {"1/eu-west-1", "1/eu-west-1", "1/eu-west-1", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var stacks []string
			for id, at := range map[string]string{"A": tt.one, "B": tt.other, "C": tt.importer} {
				stacks = append(stacks, `"`+id+`": {"type": "aws:cloudformation:stack", "environment": "aws://`+at+`", "properties": {"templateFile": "`+id+`.json"}}`)
			}
			tpl, err := cloudformation.Read(fstest.MapFS{
				"manifest.json": {Data: []byte(`{"artifacts": {` + strings.Join(stacks, ", ") + `}}`)}, "A.json": {Data: []byte(exporter)}, "B.json": {Data: []byte(exporter)},
				"C.json": {Data: []byte(`{"Resources": {"N": {"Type": "AWS::SageMaker::NotebookInstance", "Properties": {"KmsKeyId": {"Fn::ImportValue": "key"}}}}}`)},
			}, "manifest.json", cloudformation.Options{Mapping: load(t).m})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if u, ok := resource(t, tpl, "C.json:N").Properties.Get("KmsKeyId").(*assize.Unknown); !ok {
				t.Error("the key is known, want that it is not")
			} else if u.Refers != nil {
				got = u.Refers.ID
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestManifestFile holds that the manifest is the same as its folder.
func TestManifestFile(t *testing.T) {
	t.Parallel()
	_, folder := judge(t, "testdata/cdk.out", cloudformation.Options{})
	_, file := judge(t, "testdata/cdk.out/manifest.json", cloudformation.Options{})
	if folder.Digest != file.Digest || len(folder.After.Resources) != len(file.After.Resources) {
		t.Errorf("folder %s, manifest %s: want the same", folder.Digest, file.Digest)
	}
}

// TestOtherFolder holds that a folder which the CDK did not write is refused, with what to do.
func TestOtherFolder(t *testing.T) {
	t.Parallel()
	_, err := cloudformation.ReadFile(t.TempDir(), options(t))
	if err == nil || !strings.Contains(err.Error(), "cdk synth") {
		t.Errorf("got %v, want that it is no output of the CDK", err)
	}
}
