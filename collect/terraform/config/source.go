package config

import "strings"

// plainParameters are the query parameters of a module's address that say which version is meant.
// Others may be keys, tokens and signatures (Terraform, "Module Sources").
var plainParameters = map[string]bool{"ref": true, "version": true, "depth": true, "archive": true, "checksum": true}

// PublicSource is the address of a module without what lets one in: password or token before the host, and
// the values of query parameters that say no version.
func PublicSource(source string) string {
	address, query, hasQuery := strings.Cut(source, "?")
	if before, rest, ok := strings.Cut(address, "://"); ok {
		host, _, _ := strings.Cut(rest, "/")
		if at := strings.LastIndexByte(host, '@'); at >= 0 {
			user, _, password := strings.Cut(host[:at], ":")
			if password || !strings.HasSuffix(before, "ssh") {
				user = "…"
			}
			rest = user + host[at:] + strings.TrimPrefix(rest, host)
		}
		address = before + "://" + rest
	}
	if !hasQuery {
		return address
	}
	parameters := strings.Split(query, "&")
	for i, p := range parameters {
		if name, _, ok := strings.Cut(p, "="); ok && !plainParameters[name] {
			parameters[i] = name + "=…"
		}
	}
	return address + "?" + strings.Join(parameters, "&")
}
