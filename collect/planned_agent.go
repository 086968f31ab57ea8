package collect

import (
	"slices"

	"github.com/assize-dev/assize"
)

const typeActionGroup = "aws_bedrockagent_agent_action_group"

// Attributes that hold text of an agent, and of an action group.
var (
	agentTexts       = []string{"agent_name", "description", "instruction", "prompt_override_configuration"}
	actionGroupTexts = []string{"action_group_name", "api_schema", "description", "function_schema"}
)

// agentHoldsSecret tells whether any text of an agent looks like a secret.
func agentHoldsSecret(p *Planned) assize.Value { return textsHoldSecret(p, agentTexts).value() }

// actionGroupsHoldSecret tells it of an agent's action groups. Of an agent that is there already there may be others.
func actionGroupsHoldSecret(p *Planned) assize.Value {
	out := truth{}
	for _, group := range p.Parts[typeActionGroup] {
		out = some(out, textsHoldSecret(group, actionGroupTexts))
	}
	switch {
	case out.yes:
	case p.Unlinked[typeActionGroup] != nil:
		return p.Unlinked[typeActionGroup]
	case !(&translation{object: p}).made():
		return deferred
	}
	return out.value()
}

// textsHoldSecret tells it of the attributes. One that nothing sets holds none.
func textsHoldSecret(p *Planned, names []string) truth {
	out := truth{}
	for _, name := range names {
		if !slices.Contains(p.Unwritten, name) {
			found, unknown := secretBelow(p.Attributes.Get(name), name)
			out = some(out, truth{yes: found, unknown: unknown})
		}
	}
	return out
}
