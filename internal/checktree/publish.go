package main

import (
	"fmt"
	"regexp"
	"strings"
)

// A ban is a pattern that no published line may match.
type ban struct {
	what    string
	pattern *regexp.Regexp
	except  *regexp.Regexp // what the match may be all the same; nil for nothing
}

// AWS's documentation marks its sample keys so, and our samples follow it; zeros are a sample too.
var example = regexp.MustCompile(`EXAMPLE|0000`)

var bans = []ban{
	{
		what:    "a path of somebody's machine (tests use t.TempDir, documents relative paths)",
		pattern: regexp.MustCompile(`/(root|work)/|(^|[^\w.:/*?$})\]-])/(home/\w|Users/\w|tmp/|opt/\w+)`),
		// Where SageMaker's containers keep models and code.
		except: regexp.MustCompile(`/opt/(ml|amazon|aws)`),
	},
	{
		what:    "an AWS access key (samples contain EXAMPLE)",
		pattern: regexp.MustCompile(`\b(AKIA|ASIA)[0-9A-Z]{16}\b`),
		except:  example,
	},
	{
		what:    "an AWS secret key (samples contain EXAMPLE)",
		pattern: regexp.MustCompile(`(?i:secret_?access_?key)["']?\s*[:=]\s*["']?[0-9A-Za-z/+]{40}\b`),
		except:  example,
	},
	{
		what:    "a token of GitHub, GitLab or Slack",
		pattern: regexp.MustCompile(`\b(gh[opsu]_[0-9A-Za-z]{36}|github_pat_\w{60,}|glpat-[\w-]{20}|xox[abps]-[\w-]{20,})`),
		except:  example,
	},
	{
		// The header alone may stand in a test of masking.
		what:    "a private key",
		pattern: regexp.MustCompile(`BEGIN [A-Z ]*PRIVATE KEY-----(\s|\\n|")*[0-9A-Za-z+/=]{60}`),
	},
}

// unpublishable returns a sentence for each place in a file that a ban matches.
func unpublishable(name, text string) []string {
	var faults []string
	for _, b := range bans {
		for _, at := range b.pattern.FindAllStringIndex(text, -1) {
			match := text[at[0]:at[1]]
			if b.except != nil && b.except.MatchString(match) {
				continue
			}
			line := 1 + strings.Count(text[:at[1]], "\n")
			faults = append(faults, fmt.Sprintf("%s:%d: %s", name, line, b.what))
		}
	}
	return faults
}
