package assessment

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/assize-dev/assize"
)

// Fault is one thing that is wrong with an input: which field, and what to do.
type Fault struct {
	Field   string `json:"name"`
	Message string `json:"message"`
}

// ValidationError is all that is wrong with an input, as Audit Manager's ValidationException.
type ValidationError struct {
	Fields []Fault `json:"fields"`
}

// Error lists the faults.
func (e *ValidationError) Error() string {
	texts := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		texts[i] = f.Field + ": " + f.Message
	}
	return strings.Join(texts, "; ")
}

// faults gathers what is wrong.
type faults struct{ list []Fault }

func (f *faults) want(ok bool, field, format string, args ...any) {
	if !ok {
		f.list = append(f.list, Fault{field, fmt.Sprintf(format, args...)})
	}
}

func (f *faults) err() error {
	if len(f.list) == 0 {
		return nil
	}
	return &ValidationError{Fields: f.list}
}

// Limits of the Audit Manager API (API reference, data types), in characters.
const (
	maxName        = 300
	maxDescription = 1000
	maxAccounts    = 200
	maxTags        = 50
	maxTagKey      = 128
	maxTagValue    = 256
	maxComment     = 500
	maxDelegation  = 350
	maxText        = 1000
)

var (
	accountID = regexp.MustCompile(`^[0-9]{12}$`)
	regionID  = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[0-9]$`)
	tagKey    = regexp.MustCompile(`^[a-zA-Z0-9 +\-=._:/@]+$`)
	s3URL     = regexp.MustCompile(`^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/.*)?$`)
)

// Validate holds an assessment against the limits of the Audit Manager API. Its error is a
// [ValidationError] with every fault.
func (a *Assessment) Validate() error {
	f := &faults{}
	name := utf8.RuneCountInString(a.Name)
	f.want(name >= 1 && name <= maxName && !strings.ContainsAny(a.Name, "\\\n\r"), "name", "want 1 to %d characters, without backslash", maxName)
	f.want(utf8.RuneCountInString(a.Description) <= maxDescription, "description", "want at most %d characters", maxDescription)
	f.want(a.Framework.ID != "", "frameworkId", "name the framework")
	f.want(a.Destination != "" && (!strings.Contains(a.Destination, "://") || s3URL.MatchString(a.Destination)),
		"assessmentReportsDestination", "want a folder or s3://bucket/prefix, got %q", a.Destination)
	a.validateScope(f)
	owners := 0
	for _, r := range a.Roles {
		f.want(r.Name != "", "roles", "a role has no name")
		f.want(r.Type == ProcessOwner, "roles", "%q: want %s; delegates come by delegation", r.Type, ProcessOwner)
		if r.Type == ProcessOwner {
			owners++
		}
	}
	f.want(owners >= 1, "roles", "want at least one audit owner (%s)", ProcessOwner)
	validateTags(f, a.Tags)
	a.validateCadence(f)
	return f.err()
}

// validateCadence refuses rules that make no window, too: nothing would ever be evaluated.
func (a *Assessment) validateCadence(f *faults) {
	start := a.Created
	if start.IsZero() {
		start = time.Unix(0, 0)
	}
	c, err := NewCadence(a.Cadence, a.TimeZone, start)
	if err != nil || a.Cadence == "" {
		f.want(false, "cadence", "want a rule such as FREQ=DAILY: %v", err)
		return
	}
	_, happens := c.At(start)
	f.want(happens, "cadence", "%q never comes round: want a rule such as FREQ=DAILY", a.Cadence)
}

func (a *Assessment) validateScope(f *faults) {
	f.want(len(a.Accounts) >= 1 && len(a.Accounts) <= maxAccounts, "scope", "want 1 to %d accounts, got %d", maxAccounts, len(a.Accounts))
	seen := map[string]bool{}
	for _, account := range a.Accounts {
		f.want(accountID.MatchString(account.ID), "scope", "%q is no account id of 12 digits", account.ID)
		f.want(!seen[account.ID], "scope", "account %s stands twice", account.ID)
		seen[account.ID] = true
	}
	for _, region := range a.Regions {
		f.want(regionID.MatchString(region), "scope", "%q is no Region", region)
	}
}

func validateTags(f *faults, tags map[string]string) {
	f.want(len(tags) <= maxTags, "tags", "want at most %d, got %d", maxTags, len(tags))
	for k, v := range tags {
		f.want(utf8.RuneCountInString(k) <= maxTagKey && tagKey.MatchString(k) && !strings.HasPrefix(strings.ToLower(k), "aws:"),
			"tags", "key %.40q: want 1 to %d letters, digits, spaces and + - = . _ : / @, not beginning with aws:", k, maxTagKey)
		f.want(utf8.RuneCountInString(v) <= maxTagValue, "tags", "value of %.40q: want at most %d characters", k, maxTagValue)
	}
}

// IsValidation reports whether an error is about the input, and gives its faults.
func IsValidation(err error) ([]Fault, bool) {
	var v *ValidationError
	if errors.As(err, &v) {
		return v.Fields, true
	}
	return nil, false
}

// ValidateWorkload holds a workload against the values that factors may have.
func ValidateWorkload(w *assize.Workload) error {
	f := &faults{}
	f.want(w.ID != "", "id", "there is none")
	f.want(w.Name != "" && utf8.RuneCountInString(w.Name) <= maxName, "name", "want 1 to %d characters", maxName)
	f.want(w.Scope >= 0 && w.Scope <= 5, "scope", "%d: want 1 to 5, or 0 while it is not decided", w.Scope)
	for name, value := range map[string]string{
		"exposure": w.Exposure, "model_origin": w.ModelOrigin, "data_sensitivity": w.DataSensitivity, "criticality": w.Criticality,
	} {
		f.want(value == "" || slices.Contains(assize.Factors[name], value), name, "%q: want one of %s", value, strings.Join(assize.Factors[name], ", "))
	}
	for _, id := range w.Accounts {
		f.want(accountID.MatchString(id), "accounts", "%q is no account id of 12 digits", id)
	}
	return f.err()
}
