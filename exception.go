package assize

import (
	"strconv"
	"strings"
)

// Exception lets a finding fail for a time without counting for the exit code. The
// finding stays a fail and is shown as one, with the exception.
type Exception struct {
	// Check is the id of the check.
	Check string `json:"check"`
	// Address is a pattern of Terraform addresses, in which * stands for any text, or
	// an ARN.
	Address string `json:"address,omitempty"`
	Reason  string `json:"reason"`
	// Owner answers for it, Approver has allowed it.
	Owner    string `json:"owner,omitempty"`
	Approver string `json:"approver,omitempty"`
	// Until is the last day on which it holds, "2006-01-02", UTC.
	Until string `json:"until"`
	// File and Line where it is written.
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
	// Expired: the last day is over. The finding counts as if there were no exception.
	Expired bool `json:"expired,omitempty"`
}

// InSource reports whether the exception is a comment in the configuration, and not an
// entry of a register.
func (e *Exception) InSource() bool {
	return strings.HasSuffix(e.File, ".tf") || strings.HasSuffix(e.File, ".tofu")
}

// String says what the exception does to a finding, in one line for people.
func (e *Exception) String() string {
	var b strings.Builder
	if e.Expired {
		b.WriteString("the exception expired on " + e.Until)
	} else {
		b.WriteString("excepted until " + e.Until)
	}
	if e.Owner != "" {
		b.WriteString(" for " + e.Owner)
	}
	if e.Approver != "" {
		b.WriteString(", approved by " + e.Approver)
	}
	b.WriteString(": " + e.Reason)
	if e.File != "" {
		b.WriteString(" (" + place(e.File, e.Line) + ")")
	}
	return b.String()
}

// place is a file with its line, where that is known.
func place(file string, line int) string {
	if line > 0 {
		return file + ":" + strconv.Itoa(line)
	}
	return file
}

// Place is the file and line where the resource is defined, empty where the file is not known.
func (o *Origin) Place() string {
	if o.File == "" {
		return ""
	}
	return place(o.File, o.Line)
}

// Call says which module call the resource comes from, and where that stands; empty for
// a resource of the root module.
func (o *Origin) Call() string {
	if o.Module == "" || o.ModuleFile == "" {
		return o.Module
	}
	return o.Module + " at " + place(o.ModuleFile, o.ModuleLine)
}
