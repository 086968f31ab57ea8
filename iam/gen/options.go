package gen

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

// Options say what a policy is for. Which of them an archetype needs and takes stands in
// [Archetype.Needs] and [Archetype.Takes]; one that it does not take is an error, since it would not be in the policy.
type Options struct {
	// Archetype is the name of one of [Archetypes].
	Archetype string
	// Name of the policy or role; the archetype's with "assize-" before it when empty.
	Name string
	// Partition is "aws" when empty.
	Partition string
	// Account that the policy is for, twelve digits.
	Account string
	// Regions from which models are called, or in which work is done.
	Regions []string
	// Models are ids of foundation models, or ARNs of what InvokeModel takes.
	Models []string
	// Profiles are ids of system-defined inference profiles ("us.anthropic.claude-…"), or
	// "ARN=ID" for an application inference profile made of the model or profile ID.
	Profiles []string
	// Destinations are the Regions that the profiles of a geography lead to, by geography
	// ("us"). The geography "global" needs none.
	Destinations map[string][]string
	// Guardrails are ARNs, with ":VERSION" where only that version may be used; those of type
	// guardrail-profile are needed for guardrails that work across Regions.
	Guardrails []string
	// Endpoints (vpce-…) and Networks (public CIDR blocks) from which calls may come.
	Endpoints, Networks []string
	// Tiers are service tiers of Bedrock: default, flex, priority, reserved.
	Tiers []string
	// OrgID (o-…) and OrgPaths ("o-…/r-…/ou-…/*") of callers.
	OrgID    string
	OrgPaths []string
	// MFAAge is the greatest age of a second factor, in seconds; 3,600 when 0.
	MFAAge int
	// Tag is "KEY=VALUE" that resources must carry.
	Tag string
	// Roles are ARNs: who uses a key, who may be trusted, which roles may be passed on.
	Roles []string
	// Administrators are ARNs of roles that manage a key, or that a control exempts.
	Administrators []string
	// Service, ExternalID and SourceARNs say in whom a role trusts, and for whom it acts.
	Service    string
	ExternalID string
	SourceARNs []string
	// Inputs and Outputs are places in S3: "s3://bucket/prefix/".
	Inputs, Outputs []string
	// Repositories are ARNs of ECR repositories, Keys those of KMS keys.
	Repositories, Keys []string
	// VPC says that jobs run in subnets of the account.
	VPC bool
}

// The forms of what options hold.
var (
	nameForm      = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+=,.@_-]{0,63}$`)
	accountForm   = regexp.MustCompile(`^[0-9]{12}$`)
	partitionForm = regexp.MustCompile(`^aws(-[a-z]+)*$`)
	regionForm    = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[0-9]+$`)
	modelForm     = regexp.MustCompile(`^[a-z0-9-]+\.[A-Za-z0-9.:_-]+$`)
	endpointForm  = regexp.MustCompile(`^vpce-[0-9a-z]+$`)
	orgForm       = regexp.MustCompile(`^o-[a-z0-9]{10,32}$`)
	orgPathForm   = regexp.MustCompile(`^o-[a-z0-9]{10,32}/r-[a-z0-9]{4,32}/(ou-[a-z0-9-]+/)*\*?$`)
	tagForm       = regexp.MustCompile(`^[\w.:/+@-]{1,128}=[\w .:/+@-]{1,256}$`)
	serviceForm   = regexp.MustCompile(`^[a-z0-9.-]+\.amazonaws\.com$`)
	externalForm  = regexp.MustCompile(`^[\w+=,.@:/-]{2,}$`)
	placeForm     = regexp.MustCompile(`^s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/(([A-Za-z0-9!_.'()-]+/)*)$`)
	arnForm       = regexp.MustCompile(`^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:([0-9]{12}|aws)?:[^\s*?$"\\]+$`)
	sourceForm    = regexp.MustCompile(`^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9*-]*:([0-9]{12}):[^\s?$"\\]+$`)
	tierNames     = []string{"default", "flex", "priority", "reserved"}
)

// field is one option, so that it can be asked for by name and checked.
type field struct {
	name   string // of the command's flag
	values []string
	form   *regexp.Regexp
	want   string
}

func (o *Options) fields() []field {
	var destinations []string
	for _, regions := range o.Destinations {
		destinations = append(destinations, regions...)
	}
	vpc := []string(nil)
	if o.VPC {
		vpc = []string{"true"}
	}
	age := []string(nil)
	if o.MFAAge != 0 {
		age = []string{fmt.Sprint(o.MFAAge)}
	}
	return []field{
		{"account", nonEmpty(o.Account), accountForm, "twelve digits"},
		{"regions", o.Regions, regionForm, "a Region such as eu-central-1"},
		{"models", o.Models, nil, ""},
		{"profiles", o.Profiles, nil, ""},
		{"destinations", destinations, regionForm, "a Region such as eu-central-1"},
		{"guardrail", o.Guardrails, arnForm, "the ARN of a guardrail"},
		{"endpoint", o.Endpoints, endpointForm, "the id of a VPC endpoint: vpce-…"},
		{"network", o.Networks, nil, ""},
		{"tier", o.Tiers, regexp.MustCompile("^(" + strings.Join(tierNames, "|") + ")$"), "one of " + strings.Join(tierNames, ", ")},
		{"org", nonEmpty(o.OrgID), orgForm, "the id of an organisation: o-…"},
		{"org-path", o.OrgPaths, orgPathForm, "a path such as o-abcdefghij/r-abcd/ou-abcd-12345678/*"},
		{"mfa-age", age, regexp.MustCompile(`^[1-9][0-9]*$`), "a number of seconds"},
		{"tag", nonEmpty(o.Tag), tagForm, "KEY=VALUE"},
		{"role", o.Roles, regexp.MustCompile(`^arn:aws[a-z-]*:iam::[0-9]{12}:(role/[\w+=,.@/-]+|root)$`), "the ARN of a role"},
		{"admin-role", o.Administrators, regexp.MustCompile(`^arn:aws[a-z-]*:iam::[0-9]{12}:role/[\w+=,.@/-]+$`), "the ARN of a role"},
		{"service", nonEmpty(o.Service), serviceForm, "a service principal such as bedrock.amazonaws.com"},
		{"external-id", nonEmpty(o.ExternalID), externalForm, "an external id: at least two letters, digits or any of +=,.@:/_-"},
		{"source-arn", o.SourceARNs, sourceForm, "an ARN with its account"},
		{"input", o.Inputs, placeForm, "s3://BUCKET/PREFIX/"},
		{"output", o.Outputs, placeForm, "s3://BUCKET/PREFIX/"},
		{"repository", o.Repositories, regexp.MustCompile(`^arn:aws[a-z-]*:ecr:[a-z0-9-]+:[0-9]{12}:repository/[a-z0-9._/-]+$`), "the ARN of an ECR repository"},
		{"key", o.Keys, regexp.MustCompile(`^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$`), "the ARN of a KMS key"},
		{"vpc", vpc, nil, ""},
	}
}

// complete fills in what is left out and checks everything against the archetype.
func (o *Options) complete(a *Archetype) error {
	if o.Name == "" {
		o.Name = "assize-" + a.Name
	}
	if o.Partition == "" {
		o.Partition = "aws"
	}
	if !nameForm.MatchString(o.Name) {
		return fmt.Errorf("--name %q: want a letter, then at most 63 letters, digits or any of +=,.@_-", o.Name)
	}
	if !partitionForm.MatchString(o.Partition) {
		return fmt.Errorf("--partition %q: want aws, aws-us-gov or aws-cn", o.Partition)
	}
	for _, f := range o.fields() {
		switch {
		case len(f.values) == 0 && slices.Contains(a.Needs, f.name):
			return fmt.Errorf("%s needs --%s", a.Name, f.name)
		case len(f.values) > 0 && !slices.Contains(a.Needs, f.name) && !slices.Contains(a.Takes, f.name):
			return fmt.Errorf("%s does not take --%s: it would not be in the policy", a.Name, f.name)
		}
		for _, v := range f.values {
			if f.form != nil && !f.form.MatchString(v) {
				return fmt.Errorf("--%s %q: want %s", f.name, v, f.want)
			}
			if err := o.fits(a, f.name, v); err != nil {
				return err
			}
		}
	}
	return o.normalise()
}

// fits finds an ARN that is of the right form and cannot be meant.
func (o *Options) fits(a *Archetype, name, value string) error {
	parts, _, _ := arnParts(value)
	switch {
	case len(parts) == 0 || parts[0] != "arn":
		return nil
	case parts[1] != o.Partition:
		return fmt.Errorf("--%s %q: it is not of partition %s", name, value, o.Partition)
	case name == "source-arn" && parts[4] != o.Account:
		return fmt.Errorf("--source-arn %q: it is not of account %s, for which alone the service may act", value, o.Account)
	case name == "role" && parts[5] == "root" && a.Name != "trust":
		return fmt.Errorf("--role %q: name roles; an account is everybody in it", value)
	}
	return nil
}

// normalise puts lists whose order means nothing in order, without doubles.
func (o *Options) normalise() error {
	for _, list := range []*[]string{
		&o.Regions, &o.Models, &o.Profiles, &o.Guardrails, &o.Endpoints, &o.Networks, &o.Tiers, &o.OrgPaths,
		&o.Roles, &o.Administrators, &o.SourceARNs, &o.Inputs, &o.Outputs, &o.Repositories, &o.Keys,
	} {
		*list = sorted(*list)
	}
	for i, n := range o.Networks {
		p, err := publicNetwork(n)
		if err != nil {
			return err
		}
		o.Networks[i] = p.String()
	}
	return nil
}

var sharedNetwork = netip.MustParsePrefix("100.64.0.0/10") // RFC 6598

// publicNetwork reads a network that requests over the internet can come from.
func publicNetwork(n string) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(n)
	a := p.Addr()
	switch {
	case err != nil:
		return p, fmt.Errorf("--network %q: want a CIDR block such as 203.0.113.0/24", n)
	case p != p.Masked():
		return p, fmt.Errorf("--network %q: it has bits beyond its prefix; write %s", n, p.Masked())
	case p.Bits() == 0:
		return p, fmt.Errorf("--network %q: it is every address and limits nothing", n)
	case a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || sharedNetwork.Contains(a):
		return p, fmt.Errorf("--network %q: AWS never sees a private address as the source of a request; name the VPC endpoint with --endpoint", n)
	}
	return p, nil
}

// sorted is a copy in order, without doubles.
func sorted(list []string) []string {
	out := slices.Clone(list)
	slices.Sort(out)
	return slices.Compact(out)
}
