//go:build iamoracle

package oracle

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// rewrites turn a case into one that means to us what the case as it stands means to the other engine. Each says
// whether it changed anything.
var rewrites = map[string]func(*testCase) bool{
	"variables-in-2008":             variablesIn2008,
	"negated-unresolved-fails":      negatedUnresolvedFails,
	"session-arn-as-role":           sessionARNAsRole,
	"federated-without-session":     federatedWithoutSession,
	"service-wildcards-fail":        serviceWildcardsFail,
	"short-not-resource-fails":      shortNotResourceFails,
	"epoch-milliseconds":            epochMilliseconds,
	"endpoint-ignores-principal":    endpointIgnoresPrincipal,
	"not-ip-of-family":              notIPOfFamily,
	"zero-network-matches-nothing":  zeroNetworkMatchesNothing,
	"empty-list-is-present":         emptyListIsPresent,
	"any-value-if-exists-fails":     anyValueIfExistsFails,
	"lower-case-arns":               lowerCaseARNs,
	"not-resource-unresolved-fails": notResourceUnresolvedFails,
	"partial-not-principal-exempts": partialNotPrincipalExempts,
	"root-as-user":                  rootAsUser,
}

// dropStatements takes away what a test finds, from every policy.
func (c *testCase) dropStatements(found func(*document, *statement) bool) bool {
	changed := false
	for _, d := range c.documents() {
		n := len(d.Statement)
		d.Statement = slices.DeleteFunc(d.Statement, func(s *statement) bool { return found(d, s) })
		changed = changed || len(d.Statement) < n
	}
	return changed
}

// hasCondition says whether a test finds one of the conditions.
func (s *statement) hasCondition(found func(operator, key string, values []string) bool) bool {
	for operator, keys := range s.Condition {
		for key, values := range keys {
			if found(operator, key, values) {
				return true
			}
		}
	}
	return false
}

// variablesIn2008 lets the older language version have variables.
func variablesIn2008(c *testCase) bool {
	changed := false
	for _, d := range c.documents() {
		if d.Version == "2008-10-17" && d.holdsVariable() {
			d.Version, changed = "2012-10-17", true
		}
	}
	return changed
}

func (d *document) holdsVariable() bool {
	has := func(values []string) bool {
		return slices.ContainsFunc(values, func(v string) bool { return strings.Contains(v, "${") })
	}
	return slices.ContainsFunc(d.Statement, func(s *statement) bool {
		for _, keys := range s.Condition {
			for _, values := range keys {
				if has(values) {
					return true
				}
			}
		}
		return has(s.Resource) || has(s.NotResource)
	})
}

// negatedUnresolvedFails takes away statements with a negated condition on a variable without value: the
// condition does not hold for the other engine.
func negatedUnresolvedFails(c *testCase) bool {
	return c.dropStatements(func(d *document, s *statement) bool {
		return d.Version == "2012-10-17" && s.hasCondition(func(operator, key string, values []string) bool {
			return strings.Contains(operator, "Not") && c.Context[key] != nil && slices.ContainsFunc(values, c.unresolved)
		})
	})
}

// unresolved says whether a value holds a variable that the request gives no value.
func (c *testCase) unresolved(value string) bool {
	_, name, ok := strings.Cut(value, "${")
	name, _, closed := strings.Cut(name, "}")
	return ok && closed && !strings.Contains(name, ",") && c.Context[name] == nil
}

// sessionARNAsRole names the role where a resource policy names everybody or one of the role's sessions. A
// federated user's session becomes one of a role for that.
func sessionARNAsRole(c *testCase) bool {
	if c.ResourcePolicy == nil || !strings.HasPrefix(c.Principal, "arn:aws:sts:") {
		return false
	}
	session := c.Principal
	_, name, federated := strings.Cut(session, ":federated-user/")
	if federated {
		c.Principal = "arn:aws:sts::" + account + ":assumed-role/" + name + "/" + name
	}
	role, _ := derivedKeys(c.Principal, account)["aws:PrincipalArn"].(string)
	changed := false
	for _, s := range c.ResourcePolicy.Statement {
		named, ok := s.Principal.(map[string]any)
		session := ok && named["AWS"] == session
		direct := s.Principal == "*" || ok && named["AWS"] == "*" || session
		if direct && (s.Effect == "Allow" || session) {
			s.Principal, changed = map[string]any{"AWS": role}, true
		}
	}
	return changed
}

// federatedWithoutSession gives a federated user a session policy that allows everything.
func federatedWithoutSession(c *testCase) bool {
	if !strings.Contains(c.Principal, ":federated-user/") || c.Session != nil {
		return false
	}
	c.Session = full(false)
	return true
}

// rootAsUser takes the root user for a user without rights of its own.
func rootAsUser(c *testCase) bool {
	if !strings.HasSuffix(c.Principal, ":root") {
		return false
	}
	c.Principal = strings.TrimSuffix(c.Principal, "root") + "user/root"
	return true
}

// serviceWildcardsFail lets action patterns with a wildcard before the colon match nothing.
func serviceWildcardsFail(c *testCase) bool {
	changed := false
	strip := func(list []string) {
		for i, a := range list {
			if service, _, ok := strings.Cut(a, ":"); ok && strings.ContainsAny(service, "*?") {
				list[i], changed = "none:none", true
			}
		}
	}
	for _, d := range c.documents() {
		for _, s := range d.Statement {
			strip(s.Action)
			strip(s.NotAction)
		}
	}
	return changed
}

// shortNotResourceFails takes away statements whose NotResource has a pattern of fewer than six parts.
func shortNotResourceFails(c *testCase) bool {
	return c.dropStatements(func(_ *document, s *statement) bool {
		return slices.ContainsFunc(s.NotResource, func(r string) bool { return r != "*" && strings.Count(r, ":") < 5 })
	})
}

// notResourceUnresolvedFails takes away statements whose NotResource has a variable without value.
func notResourceUnresolvedFails(c *testCase) bool {
	return c.dropStatements(func(d *document, s *statement) bool {
		return d.Version == "2012-10-17" && slices.ContainsFunc(s.NotResource, c.unresolved)
	})
}

// anyValueIfExistsFails takes away statements with ForAnyValue and IfExists on a key that is absent.
func anyValueIfExistsFails(c *testCase) bool {
	return c.dropStatements(func(_ *document, s *statement) bool {
		return s.hasCondition(func(operator, key string, _ []string) bool {
			list, isList := c.Context[key].([]any)
			absent := c.Context[key] == nil || isList && len(list) == 0
			return absent && strings.HasPrefix(operator, "ForAnyValue:") && strings.HasSuffix(operator, "IfExists")
		})
	})
}

// lowerCaseARNs writes the first five parts of resource patterns in lower case.
func lowerCaseARNs(c *testCase) bool {
	changed := false
	for _, d := range c.documents() {
		for _, s := range d.Statement {
			for _, list := range [][]string{s.Resource, s.NotResource} {
				for i, r := range list {
					parts := strings.SplitN(r, ":", 6)
					for j := range min(5, len(parts)) {
						parts[j] = strings.ToLower(parts[j])
					}
					list[i] = strings.Join(parts, ":")
					changed = changed || list[i] != r
				}
			}
		}
	}
	return changed
}

// partialNotPrincipalExempts takes away Denies whose NotPrincipal lists the caller, its role or its account.
func partialNotPrincipalExempts(c *testCase) bool {
	if c.Boundary != nil || !strings.HasPrefix(c.Principal, "arn:") {
		return false
	}
	caller := derivedKeys(c.Principal, account)
	return c.dropStatements(func(_ *document, s *statement) bool {
		named, _ := s.NotPrincipal.(map[string]any)
		listed, _ := named["AWS"].([]any)
		return slices.ContainsFunc(listed, func(v any) bool {
			return v == account || v == root || v == c.Principal || v == caller["aws:PrincipalArn"]
		})
	})
}

// epochMilliseconds reads a number as a date in milliseconds since 1970.
func epochMilliseconds(c *testCase) bool {
	changed := false
	date := func(v string) string {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return v
		}
		changed = true
		return time.UnixMilli(n).UTC().Format("2006-01-02T15:04:05.000Z")
	}
	const key = "aws:CurrentTime"
	if v, ok := c.Context[key].(string); ok {
		c.Context[key] = date(v)
	}
	for _, d := range c.documents() {
		for _, s := range d.Statement {
			for operator, keys := range s.Condition {
				for i, v := range keys[key] {
					if strings.Contains(operator, "Date") {
						keys[key][i] = date(v)
					}
				}
			}
		}
	}
	return changed
}

// endpointIgnoresPrincipal lets the statements of an endpoint policy speak of every caller.
func endpointIgnoresPrincipal(c *testCase) bool {
	if c.Endpoint == nil {
		return false
	}
	changed := false
	for _, s := range c.Endpoint.Statement {
		changed = changed || s.Principal != "*"
		s.Principal, s.NotPrincipal = "*", nil
	}
	return changed
}

// notIPOfFamily takes away statements with NotIpAddress on an address, when a listed network is of another family.
func notIPOfFamily(c *testCase) bool {
	address, ok := c.Context["aws:SourceIp"].(string)
	if !ok {
		return false
	}
	six := strings.Contains(address, ":")
	return c.dropStatements(func(_ *document, s *statement) bool {
		return s.hasCondition(func(operator, key string, values []string) bool {
			return strings.Contains(operator, "NotIp") && key == "aws:SourceIp" &&
				slices.ContainsFunc(values, func(v string) bool { return strings.Contains(v, ":") != six })
		})
	})
}

// zeroNetworkMatchesNothing lets 0.0.0.0/0 hold no address.
func zeroNetworkMatchesNothing(c *testCase) bool {
	changed := false
	for _, d := range c.documents() {
		for _, s := range d.Statement {
			for _, keys := range s.Condition {
				for i, v := range keys["aws:SourceIp"] {
					if v == "0.0.0.0/0" {
						keys["aws:SourceIp"][i], changed = "255.255.255.255/32", true
					}
				}
			}
		}
	}
	return changed
}

// emptyListIsPresent takes a key with an empty list for one that is there: it is not null, and
// an operator without set prefix does not hold on it.
func emptyListIsPresent(c *testCase) bool {
	if values, ok := c.Context["aws:TagKeys"].([]any); !ok || len(values) > 0 {
		return false
	}
	changed := false
	for _, d := range c.documents() {
		d.Statement = slices.DeleteFunc(d.Statement, func(s *statement) bool {
			for operator, keys := range s.Condition {
				values := keys["aws:TagKeys"]
				if len(values) == 0 || strings.HasPrefix(operator, "For") {
					continue
				}
				changed = true
				if operator != "Null" || !slices.Contains(values, "false") {
					return true
				}
				delete(keys, "aws:TagKeys")
			}
			return false
		})
	}
	return changed
}
