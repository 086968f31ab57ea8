package collect

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// maxPolicySize is how many characters a managed policy may have, white space not
// counted. Source: IAM User Guide, "IAM and AWS STS quotas".
const maxPolicySize = 6144

// maxActions keeps one statement well below that.
const maxActions = 80

// PolicyDocument is an IAM policy.
type PolicyDocument struct {
	Version   string
	Statement []PolicyStatement
}

// PolicyStatement allows actions; on all resources where it is made of operations, for
// who lists cannot know the names before.
type PolicyStatement struct {
	Sid      string
	Effect   string
	Action   []string
	Resource string
}

// Permissions are the least that the declared operations need: one statement a
// service, actions sorted, then the further statements, in as many policies as their
// size makes necessary.
func Permissions(decls []*Declaration, further ...PolicyStatement) []PolicyDocument {
	actions := map[string]map[string]bool{} // by service
	for _, d := range decls {
		for _, op := range d.Operations {
			for _, a := range op.Actions {
				service := serviceOf(a)
				if actions[service] == nil {
					actions[service] = map[string]bool{}
				}
				actions[service][a] = true
			}
		}
	}
	var out []PolicyDocument
	for _, service := range slices.Sorted(maps.Keys(actions)) {
		all := slices.Sorted(maps.Keys(actions[service]))
		n := 0
		for part := range slices.Chunk(all, maxActions) {
			n++
			out = addStatement(out, PolicyStatement{Sid: sid(service, n), Effect: "Allow", Action: part, Resource: "*"})
		}
	}
	for _, s := range further {
		out = addStatement(out, s)
	}
	return out
}

// addStatement appends to the last policy, or to a new one when that would be too long.
func addStatement(policies []PolicyDocument, s PolicyStatement) []PolicyDocument {
	last := len(policies) - 1
	if last < 0 || policySize(append(slices.Clip(policies[last].Statement), s)) > maxPolicySize {
		policies = append(policies, PolicyDocument{Version: "2012-10-17"})
		last++
	}
	policies[last].Statement = append(policies[last].Statement, s)
	return policies
}

// sid is letters and digits: "bedrock-agentcore" becomes "ReadBedrockAgentcore".
func sid(service string, part int) string {
	var b strings.Builder
	b.WriteString("Read")
	for word := range strings.SplitSeq(service, "-") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	if part > 1 {
		b.WriteString(strconv.Itoa(part))
	}
	return b.String()
}

func policySize(statements []PolicyStatement) int {
	text, err := json.Marshal(PolicyDocument{Version: "2012-10-17", Statement: statements})
	if err != nil {
		panic(err) // strings always marshal
	}
	return len(text)
}
