package assess_test

import (
	"testing"

	"github.com/assize-dev/assize"
)

// TestInstanceStorage holds which instance types have local disks.
func TestInstanceStorage(t *testing.T) {
	t.Parallel()
	for typ, want := range map[string]assize.Outcome{
		"ml.m5.large": assize.Fail, "ml.m5d.large": assize.Pass, "ml.c5n.xlarge": assize.Fail, "ml.g4dn.xlarge": assize.Pass,
		"ml.g5.2xlarge": assize.Pass, "ml.p3.2xlarge": assize.Fail, "ml.p3dn.24xlarge": assize.Pass, "ml.p4de.24xlarge": assize.Pass,
		"ml.p5en.48xlarge": assize.Pass, "ml.p6-b200.48xlarge": assize.Pass, "ml.trn1.32xlarge": assize.Pass, "ml.inf2.xlarge": assize.Fail,
		"ml.m6gd.large": assize.Pass, "ml.t3.medium": assize.Fail, "ml.r5dn.large": assize.Pass, "": assize.Fail, "ml.p6e-gb200.36xlarge": assize.Pass,
	} {
		if got := outcomeOf(t, `instanceStorage("`+typ+`")`, nil); got != want {
			t.Errorf("%q: got %s, want %s", typ, got, want)
		}
	}
}

// TestImageSource holds whose registry an image is in.
func TestImageSource(t *testing.T) {
	t.Parallel()
	for image, want := range map[string]string{
		account + ".dkr.ecr.eu-central-1.amazonaws.com/serve:1":                         "own",
		"763104351884.dkr.ecr.eu-central-1.amazonaws.com/pytorch-inference:2.6":         "aws",
		"727897471807.dkr.ecr.cn-north-1.amazonaws.com.cn/pytorch-inference:2.6":        "aws",
		"999988887777.dkr-ecr.eu-central-1.on.aws/serve@sha256:00":                      "999988887777",
		"763104351884.dkr.ecr.eu-central-1.amazonaws.com.example.org/pytorch:2.6":       "763104351884.dkr.ecr.eu-central-1.amazonaws.com.example.org",
		"registry.example.com:8443/763104351884.dkr.ecr.eu-central-1.amazonaws.com/x:1": "registry.example.com:8443",
	} {
		if got := outcomeOf(t, `imageSource("`+image+`") == "`+want+`"`, nil); got != assize.Pass {
			t.Errorf("%s: it is not %s", image, want)
		}
	}
}

// TestBucketName holds which bucket an address names.
func TestBucketName(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"s3://models/a/model.tar.gz": "models", "https://models.s3.eu-central-1.amazonaws.com/a": "models",
		"https://s3.eu-central-1.amazonaws.com/models/a": "models", "arn:aws:s3:::models/a": "models", "https://example.com/a": "",
	} {
		if got := outcomeOf(t, `bucketName("`+address+`") == "`+want+`"`, nil); got != assize.Pass {
			t.Errorf("%s: it is not %q", address, want)
		}
	}
}
