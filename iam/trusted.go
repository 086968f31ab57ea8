package iam

import "strings"

// trustedKind is what a fixed value of a trusted key looks like.
type trustedKind uint8

const (
	trustedNone    trustedKind = iota
	trustedPlain               // an identifier, without wildcard
	trustedARN                 // an ARN: wildcards only when the account is fixed
	trustedNetwork             // a network that is not most of the Internet
	trustedOrgPath             // a path that begins with a fixed organisation
	trustedUser                // a unique ID, alone or followed by ":*"
)

// trustedKeys are the keys whose fixed values keep strangers out ("Blocking public access
// to your Amazon S3 storage", The meaning of "public"), with their equivalents in
// KMS, EFS and the newer global keys.
var trustedKeys = map[string]trustedKind{
	"aws:principalaccount":          trustedPlain,
	"aws:principalarn":              trustedARN,
	"aws:principalorgid":            trustedPlain,
	"aws:principalorgpaths":         trustedOrgPath,
	"aws:principalservicename":      trustedPlain,
	"aws:principalservicenameslist": trustedPlain,
	"aws:sourceaccount":             trustedPlain,
	"aws:sourcearn":                 trustedARN,
	"aws:sourceip":                  trustedNetwork,
	"aws:sourceorgid":               trustedPlain,
	"aws:sourceorgpaths":            trustedOrgPath,
	"aws:sourceowner":               trustedPlain,
	"aws:sourcevpc":                 trustedPlain,
	"aws:sourcevpcarn":              trustedARN,
	"aws:sourcevpce":                trustedPlain,
	"aws:userid":                    trustedUser,
	"aws:vpceaccount":               trustedPlain,
	"aws:vpceorgid":                 trustedPlain,
	"aws:vpceorgpaths":              trustedOrgPath,
	"kms:calleraccount":             trustedPlain,
	"s3:dataaccesspointaccount":     trustedPlain,
	"s3:dataaccesspointarn":         trustedARN,
	"s3:x-amz-server-side-encryption-aws-kms-key-id": trustedARN,
	"elasticfilesystem:accessedviamounttarget":       trustedPlain,
	"elasticfilesystem:accesspointarn":               trustedARN,
}

// sourceKeys tell a service on whose behalf it is called ("The confused deputy problem").
var sourceKeys = map[string]trustedKind{
	"aws:sourceaccount":  trustedPlain,
	"aws:sourcearn":      trustedARN,
	"aws:sourceorgid":    trustedPlain,
	"aws:sourceorgpaths": trustedOrgPath,
}

// strangersOwn are what strangers have who come through an endpoint of their own.
var strangersOwn = map[string]string{
	"aws:sourcevpc": "vpc-" + freshText, "aws:sourcevpce": "vpce-" + freshText, "aws:vpceaccount": strangerAccount, "aws:vpceorgid": strangerOrg,
}

// looseValues gives the values of a trusted key that a stranger can have: what its
// patterns match beyond fixed values. Values with variables give none.
func looseValues(c *condition, kind trustedKind, v Version) []string {
	var out []string
	if own := strangersOwn[c.folded.fold]; c.op.family == familyNull && own != "" {
		return []string{own} // it only asks for some
	}
	for _, value := range c.list.values {
		if c.op.family == familyIP {
			if n, ok := parseNetwork(value.text); ok && isBroad(n.Bits(), n.Addr().Is4()) {
				out = append(out, networkSample(value.text)...)
			}
			continue
		}
		patterned := c.op.family == familyLike || c.op.family == familyARN
		if patterned && isLoose(value.text, kind) {
			out = append(out, textSamples(c.op, value.text, v)...)
		}
	}
	return out
}

// isBroad: networks wider than /8 (IPv6: /32) count as public.
func isBroad(bits int, is4 bool) bool {
	if is4 {
		return bits < 8
	}
	return bits < 32
}

// isLoose says whether a pattern leaves open who is meant.
func isLoose(pattern string, kind trustedKind) bool {
	wild := strings.IndexAny(pattern, "*?")
	if wild < 0 {
		return false
	}
	switch kind {
	case trustedARN:
		parts, ok := splitARN(pattern)
		return !ok || !isAccountID(parts[4])
	case trustedOrgPath:
		slash := strings.IndexByte(pattern, '/')
		return slash < 0 || wild < slash
	case trustedUser:
		colon := strings.IndexByte(pattern, ':')
		return colon < 0 || wild < colon
	case trustedNone, trustedPlain, trustedNetwork:
	}
	return true
}

// hasVariables says whether any value of the condition holds a policy variable.
func (c *condition) hasVariables() bool {
	for i := range c.values {
		if c.values[i].glob.vars != nil {
			return true
		}
	}
	return false
}

// ownVariables says whether the only variables are the account and the organisation of the
// resource itself: a stranger can no more have those than a fixed value.
func (c *condition) ownVariables() bool {
	for i := range c.values {
		for _, v := range c.values[i].glob.vars {
			if v.hasDefault || v.key.fold != "aws:resourceaccount" && v.key.fold != "aws:resourceorgid" {
				return false
			}
		}
	}
	return true
}
