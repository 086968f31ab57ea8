package iam

import "strings"

// Sample values for requests built to test a policy: a stranger's account and organisation,
// and those of the resource. None belongs to anybody.
const (
	strangerAccount = "000000000000"
	strangerOrg     = "o-0000000000"
	ownAccount      = "000000000001"
	ownOrg          = "o-0000000001"
	freshText       = "zzz"
)

// sampleAddresses are public addresses; the first one no narrow network of the policy
// covers is used.
var sampleAddresses = []string{"198.18.77.77", "8.8.4.4", "1.0.0.1", "2606:4700::77"}

// instantiate gives a text a pattern matches: stars become fill, question marks one
// letter. ok is false for a pattern with variables unless they have a value to take.
func instantiate(tokens []token, fill, variables string) (text string, ok bool) {
	var b strings.Builder
	for _, t := range tokens {
		switch t.kind {
		case tokenText:
			b.WriteString(t.text)
		case tokenStar:
			b.WriteString(fill)
		case tokenOne:
			b.WriteString("z")
		case tokenVariable:
			if variables == "" {
				return "", false
			}
			b.WriteString(variables)
		}
	}
	return b.String(), true
}

// sampleActions gives actions a statement matches, built from every action pattern of
// the policy so that gaps between statements are tried too. service stands in where a
// pattern names none.
func sampleActions(p *Policy, s *Statement, service string, b *budget) []string {
	candidates := []string{service + ":" + freshText}
	for i := range p.statements {
		for _, a := range p.statements[i].actions {
			tokens := tokenize(a.raw, syntax{wildcards: true})
			for _, fill := range []string{freshText, ""} {
				text, _ := instantiate(tokens, fill, "")
				if !strings.Contains(text, ":") {
					text = service + ":" + freshText
				}
				candidates = append(candidates, text)
			}
		}
	}
	var out []string
	seen := make(map[string]bool, len(candidates))
	for _, a := range candidates {
		_, name, _ := strings.Cut(a, ":")
		if name == "" || seen[a] || !b.spend(len(s.actions)) {
			continue
		}
		seen[a] = true
		if s.matchAction(strings.ToLower(a)) {
			out = append(out, a)
		}
	}
	return out
}

// sampleResources gives resources at or below arn: arn, one below it, and what the
// patterns of the policy name. Without arn, only what the patterns name.
func sampleResources(p *Policy, arn string) []string {
	var out []string
	seen := map[string]bool{}
	add := func(r string) {
		below := arn == "" || r == arn || strings.HasPrefix(r, arn+"/") || strings.HasPrefix(r, arn+":")
		if below && !seen[r] {
			seen[r] = true
			out = append(out, r)
		}
	}
	if arn != "" {
		add(arn)
		add(arn + "/" + freshText)
	}
	for i := range p.statements {
		for _, r := range p.statements[i].resources {
			if r.any {
				continue
			}
			x := syntax{wildcards: true, variables: p.version == Version2012}
			text, _ := instantiate(tokenize(r.raw, x), freshText, freshText)
			add(text)
		}
	}
	if arn == "" {
		add("*")
		add("arn:aws:" + freshText + ":::" + freshText)
	}
	return out
}

// sampleValues gives values of a key worth trying against a condition: what its values
// match, and what they do not.
func sampleValues(c *condition, v Version) []string {
	var out []string
	for _, value := range c.list.values {
		switch c.op.family {
		case familyNumeric:
			out = append(out, value.text, "-1", "4102444800")
		case familyDate:
			out = append(out, value.text, "1970-01-01T00:00:00Z", "2999-01-01T00:00:00Z")
		case familyBool, familyNull:
			out = append(out, "true", "false")
		case familyIP:
			out = append(out, networkSample(value.text)...)
		case familyString, familyStringFold, familyLike, familyBinary, familyARN:
			out = append(out, textSamples(c.op, value.text, v)...)
		}
	}
	return append(out, freshText)
}

func textSamples(op operator, text string, v Version) []string {
	x := syntax{wildcards: op.family == familyLike || op.family == familyARN, variables: v == Version2012}
	var out []string
	for _, fill := range []string{freshText, ""} {
		s, ok := instantiate(tokenize(text, x), fill, "")
		if !ok {
			return nil
		}
		if parts, isARN := splitARN(s); isARN && fill == parts[4] {
			parts[4] = strangerAccount
			out = append(out, strings.Join(parts[:], ":"))
		}
		out = append(out, s)
	}
	return out
}

// resolvedSamples gives what values with variables match once the variables have the
// values they have in a request.
func resolvedSamples(c *condition, v Version, t *contextTable) []string {
	var out []string
	for i := range c.values {
		if c.values[i].glob.vars == nil || resolveAll(c.values[i].glob.vars, t) != resolved {
			continue
		}
		x := syntax{wildcards: c.op.family == familyLike || c.op.family == familyARN, variables: v == Version2012}
		tokens := tokenize(c.list.values[i].text, x)
		for j, k := range tokens {
			if k.kind == tokenVariable {
				text, _ := k.ref.value(t)
				tokens[j] = token{kind: tokenText, text: text}
			}
		}
		text, _ := instantiate(tokens, freshText, "")
		out = append(out, text)
	}
	return out
}

// networkSample gives an address inside a network, none for text that is no network.
func networkSample(text string) []string {
	n, ok := parseNetwork(text)
	if !ok {
		return nil
	}
	if n.Bits() == 0 || n.Addr().Next().IsValid() && n.Contains(n.Addr().Next()) {
		return []string{n.Addr().Next().String()}
	}
	return []string{n.Addr().String()}
}
