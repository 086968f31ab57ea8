package aws

import (
	"testing"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestNamesAI(t *testing.T) {
	t.Parallel()
	for document, want := range map[string]bool{
		`{"Statement":[{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":"*"}]}`: true,
		`{"Statement":{"Effect":"Allow","Action":["s3:*","SageMaker:*"],"Resource":"*"}}`:  true,
		`{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`:                   false,
		`{"Statement":[]}`: false,
		``:                 true,
		`{`:                true,
	} {
		if got := namesAI(document); got != want {
			t.Errorf("%s: got %v, want %v", document, got, want)
		}
	}
}

// TestLastAccessed: who names an AI service is asked about, nobody else; a report that
// is denied is a gap of its principal.
func TestLastAccessed(t *testing.T) {
	t.Parallel()
	srv, account := startMoto(t)
	api := iam.NewFromConfig(srv.AWSConfig("us-east-1", account))
	for name, action := range map[string]string{"model": "bedrock:InvokeModel", "bucket": "s3:GetObject"} {
		_, err := api.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String(name), AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[]}`)})
		if err != nil {
			t.Fatal(err)
		}
		_, err = api.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{
			RoleName: aws.String(name), PolicyName: aws.String("own"),
			PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"` + action + `","Resource":"*"}]}`),
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	answers := func() map[string]*assize.Answer {
		c := read(t, sourceOf(srv, account, Options{}), collect.Target{Regions: []string{"us-east-1"}})
		out := map[string]*assize.Answer{}
		for _, r := range c.Records {
			if r.Type == typeRole {
				out[r.ID] = r.Answer(opGetAccessed)
			}
		}
		return out
	}
	got := answers()
	if got["model"] == nil || got["model"].Value == nil || got["bucket"] == nil || got["bucket"].None != codeNoAIPolicy {
		t.Errorf("got %+v and %+v, want an answer and none", got["model"], got["bucket"])
	}
	srv.Inject(fakeaws.Fault{Kind: fakeaws.Denied, Service: "iam", Operation: "GenerateServiceLastAccessedDetails"})
	if got := answers(); got["model"].Gap == nil || got["model"].Gap.Cause != assize.Denied || got["bucket"].None == "" {
		t.Errorf("denied: got %+v and %+v, want a gap and none", got["model"], got["bucket"])
	}
}
