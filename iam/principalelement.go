package iam

import (
	"slices"
	"strings"
)

// principalElement is a Principal or NotPrincipal element ("AWS JSON policy elements:
// Principal"). The zero value is a statement without one.
type principalElement struct {
	present   bool
	negated   bool
	bare      bool // written as "*"
	groups    []principalGroup
	everyone  bool // "*" or {"AWS": "*"}
	accounts  []string
	entities  []string // ARNs and unique IDs, compared exactly: no partial wildcards
	services  []string
	providers []string
	canonical []string
	kindStars kindStars
}

// kindStars says for which kinds other than AWS a "*" is listed.
type kindStars struct {
	service, provider, canonical bool
}

// principalGroup is one kind with its values as written.
type principalGroup struct {
	kind string
	list scalarList
}

// add files one value of a kind.
func (p *principalElement) add(kind, value string) {
	switch kind {
	case "AWS":
		p.addAWS(value)
	case "Service":
		p.kindStars.service = p.kindStars.service || value == "*"
		p.services = append(p.services, strings.ToLower(value))
	case "Federated":
		p.kindStars.provider = p.kindStars.provider || value == "*"
		p.providers = append(p.providers, value)
	case "CanonicalUser":
		p.kindStars.canonical = p.kindStars.canonical || value == "*"
		p.canonical = append(p.canonical, value)
	}
}

func (p *principalElement) addAWS(value string) {
	if value == "*" {
		p.everyone = true
		return
	}
	if isAccountID(value) {
		p.accounts = append(p.accounts, value)
		return
	}
	parts, ok := splitARN(value)
	if ok && parts[2] == "iam" && parts[5] == "root" && isAccountID(parts[4]) {
		p.accounts = append(p.accounts, parts[4])
		return
	}
	p.entities = append(p.entities, value)
}

func isAccountID(s string) bool {
	return len(s) == 12 && strings.Trim(s, "0123456789") == ""
}

// principalMatch says in which readings a statement names the caller, and how: the
// three ways count differently when layers are composed.
type principalMatch struct {
	direct  worlds // "*", the user, the session, the federated user, the service
	role    worlds // the role (or user) whose session calls
	account worlds // the caller's account: delegation only
}

func (m principalMatch) any() worlds { return m.direct | m.role | m.account }

func contains(list []string, s string) bool {
	if s == "" {
		return false
	}
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

// match says how the element names the caller; unknown is where an undecided match holds.
func (p *principalElement) match(c *caller, unknown worlds) principalMatch {
	if !p.present {
		return principalMatch{}
	}
	if p.negated {
		return principalMatch{direct: p.notListed(c)}
	}
	if p.everyone {
		return principalMatch{direct: allWorlds}
	}
	var m principalMatch
	switch c.kind {
	case Anonymous:
	case ServicePrincipal:
		m.direct = starOr(contains(p.services, c.service), p.kindStars.service)
	case IdentityProvider:
		m.direct = starOr(contains(p.providers, c.provider), p.kindStars.provider)
	case CanonicalUser:
		m.account = starOr(contains(p.canonical, c.canonical), p.kindStars.canonical)
	case RootUser, User, RoleSession, FederatedUser:
		m = p.matchEntity(c, unknown)
	}
	return m
}

// starOr counts a wildcard of one kind as a match in every reading but the one that
// takes it as no wildcard: its meaning outside AWS principals is not documented.
func starOr(listed, star bool) worlds {
	switch {
	case listed:
		return allWorlds
	case star:
		return allWorlds &^ worldKindWildcard
	default:
		return noWorlds
	}
}

func (p *principalElement) matchEntity(c *caller, unknown worlds) principalMatch {
	var m principalMatch
	m.account = when(contains(p.accounts, c.account))
	if c.canonical != "" {
		m.account |= when(contains(p.canonical, c.canonical))
	}
	if c.provider != "" {
		m.direct |= starOr(contains(p.providers, c.provider), p.kindStars.provider)
	}
	if len(p.entities) == 0 {
		return m
	}
	m.direct |= when(contains(p.entities, c.arn))
	m.role = when(slices.ContainsFunc(p.entities, c.isRole))
	if c.kind == RoleSession {
		m.role |= when(contains(p.entities, c.unique))
	} else {
		m.direct |= when(contains(p.entities, c.unique))
	}
	if c.sessionPrefix != "" && p.namesSession(c.sessionPrefix) {
		m.direct |= unknown
	}
	return m
}

func (p *principalElement) namesSession(prefix string) bool {
	for _, e := range p.entities {
		if strings.HasPrefix(e, prefix) {
			return true
		}
	}
	return false
}

// notListed says in which readings NotPrincipal does not exempt the caller. AWS "might
// validate the account first, then the role, then the session" ("AWS JSON policy
// elements: NotPrincipal"): here a caller is exempt when its account and its user, role
// or session are listed; where only some of the three are, the other reading
// decides the other way.
func (p *principalElement) notListed(c *caller) worlds {
	if p.everyone {
		return noWorlds
	}
	switch c.kind {
	case Anonymous:
		return allWorlds
	case ServicePrincipal:
		return allWorlds &^ starOr(contains(p.services, c.service), p.kindStars.service)
	case IdentityProvider:
		return allWorlds &^ starOr(contains(p.providers, c.provider), p.kindStars.provider)
	case CanonicalUser:
		return allWorlds &^ starOr(contains(p.canonical, c.canonical), p.kindStars.canonical)
	case RootUser, User, RoleSession, FederatedUser:
	}
	account := contains(p.accounts, c.account)
	self := contains(p.entities, c.arn) || contains(p.entities, c.unique)
	role := slices.ContainsFunc(p.entities, c.isRole)
	exempt := account && (self || role || c.kind == RootUser)
	every := account && (self || c.kind == RootUser) && (role || c.role == "")
	if exempt == every && exempt == (account || self || role) {
		return when(!exempt)
	}
	return when(!exempt) ^ worldNotPrincipal
}
