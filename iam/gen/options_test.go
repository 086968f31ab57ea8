package gen

import (
	"errors"
	"strings"
	"testing"

	"github.com/assize-dev/assize/iam/sar"
)

// TestOptionsRefused: what cannot be meant is refused with what to do.
func TestOptionsRefused(t *testing.T) {
	t.Parallel()
	general := func(change func(*Options)) Options {
		o := Options{Archetype: "general", Account: account, Regions: []string{"us-east-1"}, Models: []string{haiku}}
		change(&o)
		return o
	}
	model := func(m string) Options { return general(func(o *Options) { o.Models = []string{m} }) }
	profile := func(p string) Options { return general(func(o *Options) { o.Profiles = []string{p} }) }
	network := func(n string) Options { return general(func(o *Options) { o.Networks = []string{n} }) }
	guardrail := func(g string) Options { return general(func(o *Options) { o.Guardrails = []string{g} }) }
	for _, test := range []struct {
		name string
		o    Options
		want string
	}{
		{"no archetype", Options{}, `archetype "": want evaluation, general`},
		{"no Region", general(func(o *Options) { o.Regions = nil }), "general needs --regions"},
		{"no model", general(func(o *Options) { o.Models = nil }), "say which models"},
		{"an option of another", general(func(o *Options) { o.ExternalID = "x-1" }), "does not take --external-id"},
		{"no Region's name", general(func(o *Options) { o.Regions = []string{"Frankfurt"} }), "want a Region"},
		{"no name", general(func(o *Options) { o.Name = "1/2" }), `--name "1/2"`},
		{"no partition", general(func(o *Options) { o.Partition = "amazon" }), `--partition "amazon"`},
		{"no account", general(func(o *Options) { o.Account = "1111" }), "twelve digits"},
		{"a wildcard", model("anthropic.*"), "want the id of a foundation model"},
		{"a profile as model", model("eu." + haiku), "give it with --profiles"},
		{"a model elsewhere", model("arn:aws:bedrock:eu-west-1::foundation-model/" + haiku), "its Region is not among --regions"},
		{"a custom model", model("arn:aws:bedrock:us-east-1:111122223333:custom-model/a/b"), "give the ARN of that"},
		{"a guardrail as model", model(guard), "want a foundation-model"},
		{"a model of another account", model("arn:aws:bedrock:us-east-1:444455556666:imported-model/a"), "not of account 111122223333"},
		{"another partition", model("arn:aws-cn:bedrock:us-east-1::foundation-model/a.b"), "not of partition aws"},
		{"a profile without destinations", profile("us." + haiku), "--destinations us=REGION"},
		{"a profile's ARN", profile("arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.x"), "write the id"},
		{"no profile", profile("global"), "want GEOGRAPHY.MODEL"},
		{"no application profile", profile("arn:aws:bedrock:us-east-1:111122223333:prompt-router/x=" + haiku), "want the ARN of an application inference profile"},
		{"profiles without account", general(func(o *Options) { o.Account, o.Profiles = "", []string{"global." + haiku} }), "--profiles needs --account"},
		{"destinations of nothing", general(func(o *Options) { o.Destinations = toUS }), "no profile is of this geography"},
		{"a private network", network("10.1.0.0/16"), "--endpoint"},
		{"every network", network("0.0.0.0/0"), "limits nothing"},
		{"bits beyond the prefix", network("203.0.113.9/24"), "write 203.0.113.0/24"},
		{"no network", network("home"), "want a CIDR block"},
		{"a guardrail elsewhere", guardrail("arn:aws:bedrock:eu-west-1:111122223333:guardrail/abc"), "none is of Region us-east-1"},
		{"no guardrail", guardrail(kmsKey), "want the ARN of a guardrail"},
		{"only a guardrail profile", guardrail("arn:aws:bedrock:us-east-1:111122223333:guardrail-profile/us.guardrail.v1:0"), "only goes with a guardrail"},
		{"a guardrail of another partition", guardrail("arn:aws-cn:bedrock:us-east-1:111122223333:guardrail/abc"), "not of partition aws"},
		{"foundation models with a tag", Options{Archetype: "fine-tuned", Account: account, Regions: []string{"us-east-1"}, Tag: "a=b", Models: []string{haiku}}, "foundation models have no tags"},
		{"nobody is trusted", Options{Archetype: "trust", Account: account}, "either --service or --role"},
		{"trust without bound", Options{Archetype: "trust", Account: account, Roles: []string{trainer}}, "--role needs --external-id"},
		{"an external id of a service", Options{Archetype: "trust", Account: account, Service: "bedrock.amazonaws.com", ExternalID: "abc"}, "are for --role"},
		{"a source of roles", Options{Archetype: "trust", Account: account, Roles: []string{trainer}, ExternalID: "abc", SourceARNs: []string{guard}}, "--source-arn is for --service"},
		{"a source elsewhere", Options{Archetype: "trust", Account: account, Service: "bedrock.amazonaws.com", SourceARNs: []string{"arn:aws:bedrock:us-east-1:444455556666:agent/x"}}, "not of account"},
		{"a key for an account", Options{Archetype: "key", Account: account, Roles: []string{"arn:aws:iam::111122223333:root"}, Administrators: []string{keyRole}}, "name roles"},
		{"no models approved", Options{Archetype: "scp", Regions: []string{"us-east-1"}}, "approved"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r, err := Generate(test.o, sar.Default())
			if r != nil || err == nil || !strings.Contains(err.Error(), test.want) || errors.Is(err, ErrNotProved) {
				t.Errorf("got %v, want an error with %q", err, test.want)
			}
		})
	}
}
