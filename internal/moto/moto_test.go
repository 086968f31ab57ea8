package moto_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/assize-dev/assize/internal/moto"
)

// TestAccountsAreSeparate makes a key in one account and looks for it in
// another and in another region.
func TestAccountsAreSeparate(t *testing.T) {
	t.Parallel()
	srv := moto.Start(t)
	ctx := t.Context()
	mine, other := moto.NewAccount(), moto.NewAccount()

	here := moto.Config(t, srv.URL, "eu-west-1", mine)
	who, err := sts.NewFromConfig(here).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		t.Fatal(err)
	}
	if got := aws.ToString(who.Account); got != mine {
		t.Fatalf("account = %s, want %s", got, mine)
	}
	if _, err := kms.NewFromConfig(here).CreateKey(ctx, &kms.CreateKeyInput{}); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		cfg  aws.Config
		want int
	}{
		"same":            {here, 1},
		"other region":    {moto.Config(t, srv.URL, "eu-west-2", mine), 0},
		"other account":   {moto.Config(t, srv.URL, "eu-west-1", other), 0},
		"entered again":   {moto.Config(t, srv.URL, "eu-west-1", mine), 1},
		"explicit region": {withRegion(here, "eu-west-1"), 1},
	} {
		out, err := kms.NewFromConfig(tc.cfg).ListKeys(ctx, &kms.ListKeysInput{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := len(out.Keys); got != tc.want {
			t.Errorf("%s: %d keys, want %d", name, got, tc.want)
		}
	}
}

func withRegion(cfg aws.Config, region string) aws.Config {
	cfg = cfg.Copy()
	cfg.Region = region
	return cfg
}

// TestCreateAccount builds an organization of two and enters a member.
func TestCreateAccount(t *testing.T) {
	t.Parallel()
	srv := moto.Start(t)
	root := moto.Config(t, srv.URL, "us-east-1", moto.NewAccount())
	first, err := moto.CreateAccount(t.Context(), root, "first")
	if err != nil {
		t.Fatal(err)
	}
	second, err := moto.CreateAccount(t.Context(), root, "second")
	if err != nil {
		t.Fatal(err)
	}
	if first == second {
		t.Errorf("both accounts are %s", first)
	}
	cfg := moto.Config(t, srv.URL, "us-east-1", second)
	client := s3.NewFromConfig(cfg, moto.PathStyle)
	if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("of-second")}); err != nil {
		t.Fatal(err)
	}
	out, err := client.ListBuckets(t.Context(), &s3.ListBucketsInput{})
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Buckets) != 1 {
		t.Errorf("%d buckets, want 1", len(out.Buckets))
	}
}

// TestRunAndStop runs a server of its own, empties it, and sees it end.
func TestRunAndStop(t *testing.T) {
	t.Parallel()
	moto.Start(t) // skips where there is none
	srv, err := moto.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer srv.Stop()
	client := kms.NewFromConfig(moto.Config(t, srv.URL, "us-east-1", ""))
	if _, err := client.CreateKey(t.Context(), &kms.CreateKeyInput{}); err != nil {
		t.Fatal(err)
	}
	if err := srv.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	out, err := client.ListKeys(t.Context(), &kms.ListKeysInput{})
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Keys) != 0 {
		t.Errorf("%d keys after reset, want none", len(out.Keys))
	}
	srv.Stop()
	srv.Stop()
	if resp, err := http.Get(srv.URL + "/moto-api/"); err == nil {
		resp.Body.Close()
		t.Error("the server answers after Stop")
	}
}

// TestMissing names a program that is not there, and one that ends at once.
func TestMissing(t *testing.T) {
	t.Setenv(moto.ServerEnv, filepath.Join(t.TempDir(), "none"))
	if _, err := moto.Run(context.Background()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a named program that is missing: %v, want not exist", err)
	}
	t.Setenv(moto.ServerEnv, "/bin/false")
	if _, err := moto.Run(context.Background()); err == nil {
		t.Error("a program that ends at once: no error")
	}
	t.Setenv(moto.ServerEnv, "")
	t.Setenv("PATH", "")
	t.Chdir(t.TempDir())
	if _, err := moto.Run(context.Background()); !errors.Is(err, moto.ErrMissing) {
		t.Errorf("nothing to run: %v, want ErrMissing", err)
	}
}
