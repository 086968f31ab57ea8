package plan

import (
	"strings"

	"github.com/assize-dev/assize"
)

// useGuardrail sets the key that the checks on models carry.
func (b *builder) useGuardrail() {
	switch b.Call.Guardrail {
	case "":
	case NoGuardrail:
		b.set[keyGuardrail] = nil
	default:
		b.set[keyGuardrail] = []string{b.Call.Guardrail}
	}
}

// guardrailChecks asks for the guardrail of the request.
func (b *builder) guardrailChecks() {
	if b.Call.Guardrail != "" && b.Call.Guardrail != NoGuardrail {
		b.guardrail(b.Call.Guardrail)
	}
}

// applyGuardrail is the call that applies a guardrail without a model.
func (b *builder) applyGuardrail(string) error {
	b.guardrail(b.Call.Target)
	return nil
}

// guardrail asks for a guardrail and, where it works across Regions, for its profile in the
// Region of the call and in every destination ("Cross-Region inference with guardrails").
func (b *builder) guardrail(identifier string) {
	text := withoutVersion(identifier)
	b.add("bedrock:ApplyGuardrail", text, "the guardrail", nil)
	r := b.cat.Find(text)
	if r == nil {
		b.lacks(b.cat.missing(Guardrail, text))
		return
	}
	b.lacks(r.MembersUnknown)
	for _, m := range r.Members {
		profile, ok := parseARN(m)
		if !ok {
			continue
		}
		b.note(noteGuardrailProfile)
		b.add("bedrock:ApplyGuardrail", m, "the profile of the guardrail", with(nil, keyRequestedRegion, profile.region))
		known := b.cat.Find(m)
		if known == nil || len(known.Members) == 0 {
			b.lacks(&assize.Unknown{Cause: assize.NotConnected, Detail: "Bedrock does not tell to which Regions the guardrail profile " + m + " leads"})
			continue
		}
		for _, region := range known.Members {
			if region != profile.region {
				b.add("bedrock:ApplyGuardrail", profile.in(region), "the profile of the guardrail at a destination", with(nil, keyRequestedRegion, region))
			}
		}
	}
}

// withoutVersion takes the version off a guardrail ARN.
func withoutVersion(identifier string) string {
	if a, ok := parseARN(identifier); ok {
		a.resource, _, _ = strings.Cut(a.resource, ":")
		return a.String()
	}
	return identifier
}
