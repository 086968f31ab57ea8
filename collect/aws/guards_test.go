package aws

import (
	"context"
	"errors"
	"testing"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/aws/aws-sdk-go-v2/aws"
)

// TestMacieOff tells Macie that is off, which is known, from a denial, which is not. Macie
// says both with one code.
func TestMacieOff(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]assize.Cause{
		"Macie is not enabled.": "",
		"User: arn:aws:iam::111122223333:user/x is not authorized to perform: macie2:GetMacieSession": assize.Denied,
	} {
		b := newCoreBench(t)
		b.AnswerError("macie2", "GetMacieSession", fakeaws.Match{}, 403, "AccessDeniedException", message)
		wantList(t, b.run(t, []*collector{&macieSession}), want, typeMacieSession, typeMacieBucket)
	}
}

// TestSecurityHubOff: the service says by a code of its own that it is off.
func TestSecurityHubOff(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]assize.Cause{"InvalidAccessException": "", "AccessDeniedException": assize.Denied} {
		b := newCoreBench(t)
		b.AnswerError("securityhub", "DescribeHub", fakeaws.Match{}, 401, code, "no")
		wantList(t, b.run(t, []*collector{&securityHubs}), want, typeHub)
	}
}

// wantList wants complete lists without records, or a gap of the cause in each.
func wantList(t *testing.T, run *coreRun, want assize.Cause, types ...string) {
	t.Helper()
	for _, typ := range types {
		c := run.coverage[coreRegion+" "+typ]
		switch {
		case want == "" && !c.Complete:
			t.Errorf("%s: coverage %+v, want complete", typ, c)
		case want != "" && (c.Gap == nil || c.Gap.Cause != want):
			t.Errorf("%s: coverage %+v, want a gap of cause %s", typ, c, want)
		}
	}
	if want == "" && len(run.records) > 0 {
		t.Errorf("got records %v, want none", run.ids())
	}
}

// TestTokens holds that pages follow the token, and that a failed page is asked again.
func TestTokens(t *testing.T) {
	t.Parallel()
	type page struct{ next *string }
	var asked []string
	failed := false
	pager := tokens(func(_ context.Context, token *string) (*page, error) {
		asked = append(asked, aws.ToString(token))
		switch {
		case token == nil:
			return &page{aws.String("2")}, nil
		case !failed:
			failed = true
			return nil, errors.New("once")
		}
		return &page{}, nil
	}, func(p *page) *string { return p.next })
	for range 3 {
		_, err := pager.NextPage(t.Context())
		if err != nil && err.Error() != "once" {
			t.Fatal(err)
		}
	}
	if want := []string{"", "2", "2"}; len(asked) != 3 || asked[1] != want[1] || asked[2] != want[2] || pager.HasMorePages() {
		t.Errorf("asked for %q, more pages: %v; want %q and no more", asked, pager.HasMorePages(), want)
	}
}

// TestPredictableNameDenied: a refusal that does not name a Region does not show that there
// is a bucket.
func TestPredictableNameDenied(t *testing.T) {
	t.Parallel()
	b := newCoreBench(t)
	b.Inject(fakeaws.Fault{Kind: fakeaws.Denied, Service: "s3", Operation: "HeadBucket"})
	run := b.run(t, []*collector{&s3PredictableNames})
	for _, name := range predictableNames(b.account, coreRegion) {
		rec := run.records[coreRegion+" "+typePredictableName+" "+name]
		if rec == nil {
			t.Fatalf("no record of %s", name)
		}
		if a := rec.Answer(opHeadBucket); a.Gap == nil || a.Gap.Cause != assize.Denied {
			t.Errorf("%s: got %+v, want a gap of cause denied", name, a)
		}
	}
}
