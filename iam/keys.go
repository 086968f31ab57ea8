package iam

import "fmt"

const kmsDecrypt = "kms:Decrypt"

// KeyUser is a principal that a key policy allows to decrypt.
type KeyUser struct {
	PrincipalEntry
	// Everyone: the principal is a wildcard.
	Everyone bool
	// Negated: the entry is what NotPrincipal leaves out.
	Negated bool
	// Conditional: the statement has conditions.
	Conditional bool
	Statement   int
	Sid         string
}

// DecryptGrants lists who a key policy allows kms:Decrypt, statement by statement. Denies
// are not subtracted. The error is for a policy that could not be read.
func DecryptGrants(keyPolicy *Policy) ([]KeyUser, error) {
	if keyPolicy == nil {
		return nil, nil
	}
	if reason, ok := keyPolicy.Readable(); !ok {
		return nil, fmt.Errorf("key policy %q: %s", keyPolicy.name, reason)
	}
	var out []KeyUser
	for i := range keyPolicy.statements {
		s := &keyPolicy.statements[i]
		if s.effect != Allow || !s.matchAction(asciiLower(kmsDecrypt)) {
			continue
		}
		entries, negated := s.Principals()
		for _, e := range entries {
			out = append(out, KeyUser{
				PrincipalEntry: e, Negated: negated, Conditional: len(s.conditions) > 0,
				Everyone: e.Value == "*" && !negated, Statement: i, Sid: s.sid,
			})
		}
	}
	return out, nil
}

// DecryptOpenToEveryone asks whether a key policy lets callers decrypt that it does not
// name, in any account. kms:CallerAccount with a fixed value keeps them out.
func DecryptOpenToEveryone(keyPolicy *Policy) Answer {
	return exposure{policy: keyPolicy, actions: []string{kmsDecrypt}, callers: []Principal{strangerUser()}}.answer()
}
