package report

import (
	"io"
	"time"

	"github.com/assize-dev/assize"
)

// accessFormat names the shape of the JSON document; it changes when a reader would break.
const accessFormat = "assize.access/1"

// Access is the answer to a question of who can do what: principals in groups of identical
// access, what they reach, and on which terms. It holds words and data, nothing of the engine
// that answered, and is complete before it is written: who shares an access is known at the end.
type Access struct {
	// Title is the question in words: "Who can invoke a model".
	Title string `json:"title"`
	// Question names what was asked for: call, models, data.
	Question []AccessFact `json:"question"`
	// Origin says of what and with what the question was answered.
	Origin AccessOrigin `json:"origin"`
	// Noun is what the targets are, in singular: "model", "bucket".
	Noun string `json:"noun"`
	// Asked is how many principals the question was asked of.
	Asked int `json:"principals"`
	// Targets are what can be reached, the columns of the matrix.
	Targets []AccessTarget `json:"targets"`
	// Terms are the different terms of access. Grants refer to them by index.
	Terms []AccessTerms `json:"terms"`
	// Groups are the principals that reach something, or of whom it could not be decided. Those
	// of a group reach the same on the same terms.
	Groups []AccessGroup `json:"groups"`
	// Beyond says who else gets at the targets: other accounts, everybody, holders of tokens. They
	// are none of the principals that were asked.
	Beyond []string `json:"beyond,omitempty"`
	// Unread says what could not be read, so that there may be more than what is shown.
	Unread []string `json:"unread,omitempty"`
	// Readings are the readings of AWS's documentation that some answer rests on.
	Readings []AccessFact `json:"readings,omitempty"`
}

// AccessFact is a name with its value, both for people.
type AccessFact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// AccessOrigin says where an answer about access comes from.
type AccessOrigin struct {
	// Version of Assize.
	Version string `json:"version"`
	// Source is what was read: "live account", or the name of a file.
	Source string `json:"source"`
	// Digest is the SHA-256 of the snapshot, "" for what is none.
	Digest string `json:"digest,omitempty"`
	// AsOf is when the account was read; zero when the source does not say.
	AsOf time.Time `json:"as_of,omitzero"`
	// Data is the version of the service authorization data.
	Data string `json:"service_authorization_data"`
	// DataDigest is the SHA-256 of the package that the data comes from.
	DataDigest string `json:"service_authorization_digest,omitempty"`
	// Accounts in the order of their ids.
	Accounts []assize.Account `json:"accounts"`
}

// AccessTarget is what somebody may reach: a model, a profile, a bucket.
type AccessTarget struct {
	ARN string `json:"arn"`
	// Name is short: "anthropic.claude-3-haiku-20240307-v1:0". With Region and Call it is unique among the targets.
	Name string `json:"name"`
	// Region, "" for what is in none.
	Region string `json:"region,omitempty"`
	// Kind in words: "foundation model".
	Kind string `json:"kind"`
	// Call by which it is reached, where the targets of the document are reached by several.
	Call string `json:"call,omitempty"`
}

// Label is name and Region, with the call before them.
func (t *AccessTarget) Label() string {
	s := t.Name
	if t.Call != "" {
		s = t.Call + " on " + s
	}
	if t.Region != "" {
		s += ", " + t.Region
	}
	return s
}

// AccessOutcome is what is known of an access.
type AccessOutcome string

// The outcomes of access.
const (
	AccessAlways       AccessOutcome = "always"       // whatever the request's context
	AccessConditional  AccessOutcome = "conditional"  // when the request meets one of the alternatives
	AccessInconclusive AccessOutcome = "inconclusive" // not known; see the causes
	AccessBroken       AccessOutcome = "broken"       // never, although some of the checks of the call pass
)

// AccessOutcomes lists them, the most access first.
var AccessOutcomes = []AccessOutcome{AccessAlways, AccessConditional, AccessInconclusive, AccessBroken}

// AccessTerms are the terms on which something is reached.
type AccessTerms struct {
	Outcome AccessOutcome `json:"outcome"`
	// Alternatives: a request has to meet every demand of one of them.
	Alternatives [][]string `json:"alternatives,omitempty"`
	// DependsOn names what cannot be told from policies alone, such as the comparison of one key
	// of the request with another.
	DependsOn []string `json:"depends_on,omitempty"`
	// From says from where requests may come.
	From []string `json:"from,omitempty"`
	// MFA says whether the caller must have used multi-factor authentication.
	MFA string `json:"mfa,omitempty"`
	// Causes say why it is not known, or what is missing from a broken grant.
	Causes []string `json:"causes,omitempty"`
	// Readings are codes of readings of AWS's documentation that the answer depends on.
	Readings []string `json:"readings,omitempty"`
	// Witness is the context of one request that is allowed: condition keys with their values.
	Witness map[string][]string `json:"witness,omitempty"`
}

// open says whether there may be more access than is known.
func (t *AccessTerms) open() bool {
	return t.Outcome == AccessInconclusive || t.Outcome != AccessBroken && len(t.Causes) > 0
}

// AccessGroup is principals with identical access.
type AccessGroup struct {
	Principals []AccessPrincipal `json:"members"`
	Grants     []AccessGrant     `json:"grants"`
}

// AccessPrincipal is a user or a role.
type AccessPrincipal struct {
	ARN     string `json:"arn"`
	Account string `json:"account"`
}

// AccessGrant is targets that a group reaches by one path on one set of terms.
type AccessGrant struct {
	// Targets are indexes, in order.
	Targets []int `json:"targets"`
	// Terms is an index.
	Terms int `json:"terms"`
	// Path is by what the targets are reached when it is not by a call of the principal's own:
	// the agents, roles and calls in between, first to last.
	Path []string `json:"path,omitempty"`
}

// Direct says whether the call is the principal's own.
func (g *AccessGrant) Direct() bool { return len(g.Path) == 0 }

// AccessCounts are how many principals a document shows.
type AccessCounts struct {
	// Principals reach something or could not be decided, in Groups groups.
	Principals, Groups int
	// Can are those known to reach something; Always and Indirect those of them who reach
	// something without a condition, and through others.
	Can, Always, Indirect int
	// Inconclusive are those of whom something could not be decided.
	Inconclusive int
}

// Counts counts.
func (a *Access) Counts() AccessCounts {
	c := AccessCounts{Groups: len(a.Groups)}
	for i := range a.Groups {
		n := len(a.Groups[i].Principals)
		var can, always, indirect, open bool
		for _, g := range a.Groups[i].Grants {
			t := &a.Terms[g.Terms]
			open = open || t.open()
			switch t.Outcome {
			case AccessAlways:
				can, always, indirect = true, true, indirect || !g.Direct()
			case AccessConditional:
				can, indirect = true, indirect || !g.Direct()
			case AccessInconclusive, AccessBroken:
			}
		}
		c.Principals += n
		c.Can += n * one(can)
		c.Always += n * one(always)
		c.Indirect += n * one(indirect)
		c.Inconclusive += n * one(open)
	}
	return c
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// AccessFormat is one way to write an answer about access.
type AccessFormat struct {
	// Name as the command line takes it.
	Name string
	// File is the name of the file in an output folder.
	File string
	// Write writes the document. The error is that of the underlying writer.
	Write func(io.Writer, *Access, Options) error
}

// AccessFormats lists all, in the order of the help text. Each has its file: access_csv.go.
var AccessFormats = []AccessFormat{
	{Name: "table", File: "access.txt", Write: writeAccessTable},
	{Name: "json", File: "access.json", Write: writeAccessJSON},
	{Name: "csv", File: "access.csv", Write: writeAccessCSV},
	{Name: "html", File: "access.html", Write: writeAccessHTML},
}
