package iam

// arnValue is a value of an ARN operator: the parts are matched one by one, and the
// sixth may hold colons.
type arnValue struct {
	anything bool
	whole    *glob    // matches the text at once: wildcards stand in the sixth part only
	fixed    *sixPart // nil when variables decide where the colons are
	tokens   []token
	vars     []*variable
}

func newARNValue(tokens []token) *arnValue {
	a := &arnValue{tokens: tokens, vars: variablesOf(tokens)}
	a.anything = len(tokens) > 0
	for _, t := range tokens {
		a.anything = a.anything && t.kind == tokenStar
	}
	if a.vars == nil && wildcardsInLastPart(tokens) {
		whole := compileGlob(tokens, reachAny)
		a.whole = &whole
	}
	six := compileSixPart(tokens)
	if six.valid || a.vars == nil {
		a.fixed = six
	}
	return a
}

func (a *arnValue) match(v string, t *contextTable) bool {
	if a.anything {
		return true
	}
	if a.whole != nil {
		return a.whole.match(v, t)
	}
	parts, ok := splitARN(v)
	six := a.fixed
	if six == nil {
		six = a.substitute(t)
	}
	return six.match(&parts, ok, t)
}

// substitute puts the values of variables in place, for patterns such as
// "${aws:PrincipalArn}" whose colons come from the value.
func (a *arnValue) substitute(t *contextTable) *sixPart {
	tokens := make([]token, len(a.tokens))
	for i, k := range a.tokens {
		if k.kind == tokenVariable {
			text, _ := k.ref.value(t)
			k = token{kind: tokenText, text: text}
		}
		tokens[i] = k
	}
	return compileSixPart(tokens)
}
