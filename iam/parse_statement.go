package iam

import "fmt"

const statementElements = "Sid, Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource or Condition"

// statement reads one statement object.
func (p *parser) statement(n *jsonNode, index int) (Statement, error) {
	s := Statement{index: index, position: p.lines.at(n.offset)}
	if err := p.want(n, jsonObject, "a statement"); err != nil {
		return s, err
	}
	seen := make(map[string]bool)
	for _, m := range n.members {
		seen[m.name] = true
		if err := p.element(&s, m); err != nil {
			return s, err
		}
	}
	for _, pair := range [...][2]string{{"Action", "NotAction"}, {"Resource", "NotResource"}, {"Principal", "NotPrincipal"}} {
		if seen[pair[0]] && seen[pair[1]] {
			return s, p.fail(n, "expected %s or %s in the statement, found both", pair[0], pair[1])
		}
	}
	if !seen["Effect"] {
		return s, p.fail(n, "expected an Effect element in the statement")
	}
	if !seen["Action"] && !seen["NotAction"] {
		return s, p.fail(n, "expected an Action or NotAction element in the statement")
	}
	s.settle()
	return s, nil
}

func (p *parser) element(s *Statement, m jsonMember) (err error) {
	switch m.name {
	case "Sid":
		s.sid, s.hasSid = m.value.text, true
		return p.want(m.value, jsonString, "Sid")
	case "Effect":
		s.effect, err = p.effect(m.value)
	case "Principal", "NotPrincipal":
		s.principal, err = p.principal(m.value, m.name)
	case "Action", "NotAction":
		s.notAction = m.name == "NotAction"
		s.actionList, err = p.patterns(m.value, m.name)
		for _, v := range s.actionList.values {
			s.actions = append(s.actions, compileAction(v.text))
		}
	case "Resource", "NotResource":
		s.hasRes, s.notRes = true, m.name == "NotResource"
		s.resList, err = p.patterns(m.value, m.name)
		for _, v := range s.resList.values {
			s.resources = append(s.resources, compileResource(v.text, p.version))
		}
	case "Condition":
		s.hasCond = true
		s.conditions, err = p.conditions(m.value)
	default:
		err = p.lines.errorf(m.offset, "unknown element %q: expected %s", m.name, statementElements)
	}
	return err
}

func (p *parser) effect(n *jsonNode) (Effect, error) {
	if err := p.want(n, jsonString, "Effect"); err != nil {
		return 0, err
	}
	switch n.text {
	case "Allow":
		return Allow, nil
	case "Deny":
		return Deny, nil
	default:
		return 0, p.fail(n, "expected Effect \"Allow\" or \"Deny\", found %q", n.text)
	}
}

// list reads a scalar or an array of scalars; literals also admits booleans and numbers.
func (p *parser) list(n *jsonNode, what string, literals bool) (scalarList, error) {
	out := scalarList{array: n.kind == jsonArray}
	items := n.items
	if !out.array {
		items = []*jsonNode{n}
	}
	for _, item := range items {
		literal := literals && (item.kind == jsonBool || item.kind == jsonNumber)
		if item.kind != jsonString && !literal {
			expected := "a string"
			if literals {
				expected = "a string, a boolean or a number"
			}
			if !out.array {
				expected += " or an array"
			}
			return out, p.fail(item, "expected %s for %s, found %s", expected, what, item.kind)
		}
		if len(item.text) > maxValueBytes {
			return out, p.fail(item, "expected at most %d bytes in a value of %s, found %d", maxValueBytes, what, len(item.text))
		}
		out.values = append(out.values, scalar{text: item.text, kind: item.kind})
	}
	return out, nil
}

// patterns reads the values of Action, Resource and their Not forms: at least one, none empty.
func (p *parser) patterns(n *jsonNode, what string) (scalarList, error) {
	l, err := p.list(n, what, false)
	if err != nil {
		return l, err
	}
	if len(l.values) == 0 {
		return l, p.fail(n, "expected at least one value for %s", what)
	}
	for i, v := range l.values {
		if v.text == "" {
			at := n
			if l.array {
				at = n.items[i]
			}
			return l, p.fail(at, "expected a pattern for %s, found an empty string", what)
		}
	}
	return l, nil
}

func (p *parser) principal(n *jsonNode, name string) (principalElement, error) {
	out := principalElement{present: true, negated: name == "NotPrincipal"}
	if n.kind == jsonString && n.text == "*" {
		out.bare, out.everyone = true, true
		return out, nil
	}
	if n.kind != jsonObject {
		return out, p.fail(n, "expected \"*\" or an object for %s", name)
	}
	for _, m := range n.members {
		switch m.name {
		case "AWS", "Service", "Federated", "CanonicalUser":
		default:
			return out, p.lines.errorf(m.offset, "unknown principal type %q: expected AWS, Service, Federated or CanonicalUser", m.name)
		}
		l, err := p.list(m.value, name+" "+m.name, false)
		if err != nil {
			return out, err
		}
		out.groups = append(out.groups, principalGroup{kind: m.name, list: l})
		for _, v := range l.values {
			out.add(m.name, v.text)
		}
	}
	return out, nil
}

func (p *parser) conditions(n *jsonNode) ([]condition, error) {
	if err := p.want(n, jsonObject, "Condition"); err != nil {
		return nil, err
	}
	var out []condition
	for _, block := range n.members {
		op, ok := parseOperator(block.name)
		if !ok {
			return nil, p.lines.errorf(block.offset, "unknown condition operator %q", block.name)
		}
		if err := p.want(block.value, jsonObject, fmt.Sprintf("the keys of %s", block.name)); err != nil {
			return nil, err
		}
		for _, m := range block.value.members {
			c, err := p.condition(op, block.name, m)
			if err != nil {
				return nil, err
			}
			out = append(out, c)
		}
	}
	return out, nil
}

func (p *parser) condition(op operator, name string, m jsonMember) (condition, error) {
	c := condition{operator: name, key: m.name, op: op, folded: newContextKey(m.name), position: p.lines.at(m.offset)}
	if m.name == "" {
		return c, p.lines.errorf(m.offset, "expected the name of a condition key")
	}
	plain := op.family == familyString
	var err error
	c.list, err = p.list(m.value, m.name, true)
	for _, v := range c.list.values {
		value := newConditionValue(op, v.text, p.version)
		c.boolVars = c.boolVars || op.family == familyBool && value.glob.vars != nil
		c.values = append(c.values, value)
		if plain = plain && value.glob.vars == nil; plain {
			c.exact = append(c.exact, value.glob.expand(nil)) // "${*}" is a star
		}
	}
	c.simple = op.set == setNone && op.family != familyNull && c.folded.suffix == 0 && !c.boolVars
	if !plain {
		c.exact = nil
	}
	return c, err
}
