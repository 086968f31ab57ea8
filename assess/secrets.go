package assess

import (
	"strings"

	"github.com/assize-dev/assize"
)

// What is said about a policy quotes it: names of statements, keys, and what could not be
// read. Of one that is sensitive nothing of that is repeated.

// shortestSecret is how long a text has to be so that finding it in a sentence means anything.
const shortestSecret = 4

// secretsOf are the texts of an inventory that must not be shown, those within documents apart.
func secretsOf(inv *assize.Inventory) []string {
	var secrets []string
	for _, r := range inv.Resources {
		if len(r.Sensitive)+len(r.Secrets) == 0 {
			continue
		}
		for _, text := range r.SensitiveTexts() {
			secrets = leaves(text, secrets)
		}
	}
	return secrets
}

// leaves appends a text; of a JSON document the texts and names in it.
func leaves(v assize.Value, all []string) []string {
	switch x := v.(type) {
	case string:
		if strings.HasPrefix(strings.TrimSpace(x), "{") {
			if o, err := assize.ParseValue([]byte(x)); err == nil {
				return leaves(o, all)
			}
		}
		if len(x) >= shortestSecret {
			all = append(all, x)
		}
	case assize.List:
		for _, e := range x {
			all = leaves(e, all)
		}
	case assize.Object:
		for _, f := range x {
			all = leaves(f.Value, leaves(f.Name, all))
		}
	}
	return all
}

// withoutSecrets is u, without its words where they quote something sensitive.
func (a *Assessment) withoutSecrets(u *assize.Unknown) *assize.Unknown {
	about, quote, found := strings.Cut(u.Detail, ": ")
	switch {
	case found && strings.HasPrefix(about, "the polic"):
		about += " "
	case u.Cause == assize.Unlinked: // it names what was not found
		about, quote = "", u.Detail
	default:
		return u
	}
	for _, secret := range a.secrets {
		if strings.Contains(quote, secret) {
			hidden := *u
			hidden.Detail = about + assize.Hidden
			return &hidden
		}
	}
	return u
}
