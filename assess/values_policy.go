package assess

import (
	"errors"
	"hash/maphash"
	"reflect"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam"
)

// policyVal is a policy document in a rule, parsed when first asked.
type policyVal struct {
	text    string
	same    *policyVal // the one that is asked, see policyMemo
	read    [2]*reader // the second for questions about a planned ARN
	answers map[policyQuestion]policyReply
}

// reader is a document, or why it has none.
type reader struct {
	document *document
	unknown  *assize.Unknown
}

// policyReply is the answer to a question, or why it has none.
type policyReply struct {
	answer  iam.Answer
	unknown *assize.Unknown
}

// policyQuestion is a function of rules with its last argument.
type policyQuestion struct{ function, text string }

// maxReplies is how many answers a policy keeps.
const maxReplies = 64

// keep remembers the answer to a question.
func (p *policyVal) keep(q policyQuestion, r policyReply) {
	if p.answers == nil {
		p.answers = map[policyQuestion]policyReply{}
	}
	if len(p.answers) >= maxReplies {
		clear(p.answers)
	}
	p.answers[q] = r
}

// document is the policy as a question about arn reads it.
func (p *policyVal) document(c *evalContext, arn string) (*document, *assize.Unknown) {
	p = c.policies.of(p)
	at := 0
	_, _, planned := assize.CutPlannedARN(arn)
	if planned {
		at = 1
	}
	r := p.read[at]
	if r == nil {
		r = &reader{}
		r.document, r.unknown = c.document(p.text, planned)
		p.read[at] = r
	}
	return r.document, r.unknown
}

// policyMemo finds policies that several resources have word for word, such as those that KMS gives to keys: they are
// parsed and asked once. It keeps few of them, and none that it has not met a moment ago.
type policyMemo struct {
	seed  maphash.Seed
	met   [256]uint64 // hashes of texts, each in the place that it names
	texts map[string]*policyVal
}

// maxPolicies is how many policies a policyMemo keeps.
const maxPolicies = 16

func newPolicyMemo() *policyMemo {
	return &policyMemo{seed: maphash.MakeSeed(), texts: map[string]*policyVal{}}
}

// of is the policy that stands for p.
func (m *policyMemo) of(p *policyVal) *policyVal {
	if p.same != nil {
		return p.same
	}
	p.same = p
	if other := m.texts[p.text]; other != nil {
		p.same = other
		return other
	}
	hash := maphash.String(m.seed, p.text)
	last := &m.met[hash%uint64(len(m.met))]
	if *last != hash {
		*last = hash
		return p
	}
	if len(m.texts) >= maxPolicies {
		clear(m.texts)
	}
	m.texts[p.text] = p
	return p
}

// ConvertToNative is not supported.
func (p *policyVal) ConvertToNative(reflect.Type) (any, error) {
	return nil, errors.New("no conversion of a policy")
}

// ConvertToType is not supported.
func (p *policyVal) ConvertToType(ref.Type) ref.Val { return types.NewErr("no conversion of a policy") }

// Equal is refused at load; it never runs.
func (p *policyVal) Equal(ref.Val) ref.Val { return types.NewErr("policies cannot be compared") }

// Type is policy.
func (p *policyVal) Type() ref.Type { return policyType }

// Value is the policy itself.
func (p *policyVal) Value() any { return p }
