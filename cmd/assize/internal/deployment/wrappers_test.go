package deployment

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/blob"
	"github.com/assize-dev/assize/keys"
)

// fakeKMS has a key in a folder for each ARN. Aliases name ARNs, until they are moved.
type fakeKMS struct {
	folder  string
	aliases map[string]string
}

type fakeKey struct {
	*keys.File
	arn string
}

func (k fakeKey) ID() string { return "kms:" + k.arn }

func (f fakeKMS) Open(ctx context.Context, key string) (blob.Wrapper, error) {
	if arn, ok := f.aliases[key]; ok {
		return f.Known(ctx, arn)
	}
	return f.Known(ctx, key)
}

func (f fakeKMS) Known(_ context.Context, key string) (blob.Wrapper, error) {
	if key != oldKey && key != newKey && key != thirdKey {
		return nil, errors.New("there is no key " + key)
	}
	file, err := keys.OpenFile(filepath.Join(f.folder, filepath.Base(key)))
	return fakeKey{file, key}, err
}

const (
	oldKey   = "arn:aws:kms:eu-central-1:111122223333:key/old"
	newKey   = "arn:aws:kms:eu-central-1:111122223333:key/new"
	thirdKey = "arn:aws:kms:us-east-1:111122223333:key/third"
)

// TestOlderKeys: bodies stay readable when the wrapping key is changed, from the file to KMS, from key to key, and where an
// alias is moved; the key that was given last is remembered.
func TestOlderKeys(t *testing.T) {
	t.Parallel()
	ctx, data := t.Context(), t.TempDir()
	ring := fakeKMS{t.TempDir(), map[string]string{"alias/evidence": oldKey}}
	at := map[string]assessment.BlobLocation{}
	for _, step := range []struct {
		name, given, want string
		before            func()
	}{
		{"the file", "", "", nil},
		{"a key of KMS", "alias/evidence", oldKey, nil},
		{"no key is named", "", oldKey, nil},
		{"another key", newKey, newKey, nil},
		{"no key is named again", "", newKey, nil},
		{"the alias", "alias/evidence", oldKey, nil},
		{"the alias was moved", "", thirdKey, func() { ring.aliases["alias/evidence"] = thirdKey }},
	} {
		if step.before != nil {
			step.before()
		}
		p, err := OpenParts(ctx, Options{Data: data, KMSKey: step.given, ring: ring})
		if err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if step.want != "" && p.Wrapper.ID() != "kms:"+step.want {
			t.Errorf("%s: new bodies are encrypted under %s, want %s", step.name, p.Wrapper.ID(), step.want)
		}
		store := blob.New(p.Backend, p.Wrapper, p.Older...)
		where, err := store.Put(ctx, blob.Bytes([]byte(step.name)))
		if err != nil {
			t.Fatal(err)
		}
		at[step.name] = where[0]
		for name, where := range at {
			if err := store.Check(ctx, where); err != nil {
				t.Errorf("%s: the body of %q: %v", step.name, name, err)
			}
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
	}
	// A deployment from before keys were remembered knows the name of one alone.
	if err := os.WriteFile(filepath.Join(data, optionsFile), []byte(`{"kms_key":"alias/evidence"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := OpenParts(ctx, Options{Data: data, KMSKey: newKey, ring: ring})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := Options{Data: data}.made()
	want := Options{Data: data, KMSKey: newKey, KMSKeys: []string{thirdKey, newKey}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(Options{})); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
