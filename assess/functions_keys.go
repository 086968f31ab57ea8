package assess

import (
	"strings"

	"github.com/assize-dev/assize"
)

// keyElsewhere says of a key that was not found in which account it stands and how that
// account can be read, where its ARN names one that was not; otherwise why it was not found.
func (c *evalContext) keyElsewhere(name string, why *assize.Unknown) *assize.Unknown {
	parts := strings.SplitN(name, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" || parts[4] == "" || c.hasAccount(parts[4]) {
		return why
	}
	return &assize.Unknown{Cause: why.Cause, Detail: "key " + name + " stands in account " + parts[4] +
		", which was not read: name that account in --accounts to have its keys read too"}
}
