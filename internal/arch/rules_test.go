package arch

// A rule says what the packages that pkg names may import, beside the standard library.
// Test files are free: they may judge a package with whatever helps.
type rule struct {
	pkg   string   // folder below the module; "" is the root, "x/..." all below x. An exact rule goes before a wildcard
	own   []string // packages of this module, in the same form; "..." is all
	third []string // import paths of other modules; "x/..." all below x
}

// What several rows share.
var (
	awsSDK = []string{"github.com/aws/aws-sdk-go-v2/...", "github.com/aws/smithy-go/..."}
	cel    = []string{"cel.dev/cel-go/...", "cel.dev/expr", "google.golang.org/protobuf/..."}
	yaml   = []string{"go.yaml.in/yaml/v3"}
)

// rules is the import table of docs/architecture.md. Data moves left to right, from sources to reports, and never
// back; adapters never import one another. A package without a row fails the test.
var rules = []rule{
	// Nouns and contracts.
	{pkg: ""},

	// Pure: see [pure].
	{pkg: "evidence", own: []string{""}, third: []string{"golang.org/x/mod/sumdb/..."}},
	{pkg: "iam", own: []string{""}},
	{pkg: "iam/sym", own: []string{"iam"}},
	{pkg: "iam/sar", own: []string{"", "iam"}},
	{pkg: "iam/gen", own: []string{"iam", "iam/plan", "iam/rules", "iam/sar", "iam/sym"}, third: []string{"github.com/hashicorp/hcl/v2/hclwrite"}},
	{pkg: "iam/rules", own: []string{"", "iam", "iam/plan", "iam/sar", "iam/sym"}},
	{pkg: "iam/sar/pack", own: []string{"iam/sar"}},
	{pkg: "iam/sar/gen", own: []string{"iam/sar", "iam/sar/pack"}},
	{pkg: "iam/plan", own: []string{"", "iam", "iam/sar", "iam/sym"}},
	{pkg: "iam/org", own: []string{"", "iam", "iam/sar", "iam/sym", "iam/plan"}},
	{pkg: "graph", own: []string{""}},
	{pkg: "assess", own: []string{"", "iam", "iam/org", "iam/plan", "iam/rules", "iam/sar", "iam/sym", "graph"}, third: cel},
	{pkg: "assessment", own: []string{"", "evidence"}, third: []string{"github.com/teambition/rrule-go"}},

	// The auditor's verifier: what it imports, an auditor has to read.
	{pkg: "verify", own: []string{"", "evidence"}, third: []string{"golang.org/x/mod/sumdb/..."}},

	// Content. It compiles rules while it loads them.
	{pkg: "library", own: []string{"", "assess"}, third: append([]string{"github.com/teambition/rrule-go"}, yaml...)},
	// What makes other things of content, and content of other things.
	{pkg: "library/oscal", own: []string{""}},
	{pkg: "library/auditmanager", own: []string{""}},
	{pkg: "library/reference", own: []string{"", "library"}},
	{pkg: "library/site", own: []string{"", "library/reference"}},

	// Sources. What to collect reaches them as root types, so they need neither the library nor CEL.
	{pkg: "collect", own: []string{"", "evidence"}},
	{pkg: "collect/aws", own: []string{"", "evidence", "collect"}, third: awsSDK},
	{pkg: "collect/terraform", own: []string{"", "evidence", "collect", "collect/terraform/config"}},
	{pkg: "collect/terraform/config", own: []string{""}, third: []string{
		"github.com/hashicorp/hcl/v2/...", "github.com/zclconf/go-cty/...",
	}},
	{pkg: "collect/cloudformation", own: []string{"", "evidence", "collect"}, third: yaml},
	{pkg: "collect/...", own: []string{"", "evidence", "collect"}},

	// Stores and what runs on them.
	{pkg: "store/sqlstore", own: []string{"", "evidence", "assessment"}, third: []string{
		"github.com/pressly/goose/v3/...", "golang.org/x/mod/sumdb/...",
	}},
	{pkg: "store/storetest", own: []string{"", "evidence", "assessment"}, third: []string{
		"github.com/google/go-cmp/...", "golang.org/x/mod/sumdb/...",
	}},
	{pkg: "store/...", own: []string{"", "evidence", "assessment", "store/sqlstore"}, third: []string{
		"github.com/jackc/pgx/v5/...", "modernc.org/sqlite/...", "github.com/pressly/goose/v3/...",
	}},
	{pkg: "blob", own: []string{"", "evidence", "assessment"}},
	{pkg: "objects", own: []string{"", "evidence"}, third: awsSDK},
	{pkg: "blob/blobtest", own: []string{"", "evidence", "assessment", "blob"}},
	{pkg: "blob/s3", own: []string{"", "evidence", "assessment", "blob"}, third: awsSDK},
	{pkg: "keys", own: []string{"", "evidence", "assessment"}, third: []string{"golang.org/x/mod/sumdb/..."}},
	{pkg: "keys/kms", own: []string{"", "evidence", "assessment", "keys"}, third: awsSDK},
	{pkg: "jobs", own: []string{"", "evidence", "assessment"}, third: []string{"golang.org/x/mod/sumdb/..."}},
	{pkg: "jobs/jobstest", own: []string{"", "evidence", "assessment", "jobs"}, third: []string{"github.com/google/go-cmp/..."}},
	{pkg: "jobs/river", own: []string{"", "evidence", "assessment", "jobs"}, third: []string{
		"github.com/riverqueue/river/...", "github.com/jackc/pgx/v5/...",
	}},

	// People.
	{pkg: "report", own: []string{"", "evidence", "assessment"}},
	{pkg: "report/bundle", own: []string{"", "evidence", "assessment"}, third: []string{
		"codeberg.org/go-pdf/fpdf", "golang.org/x/mod/sumdb/...",
	}},
	{pkg: "server", own: []string{"", "assessment", "library", "iam", "report"}},
	{pkg: "server/...", own: []string{"", "assessment", "library", "iam", "report", "server"}},
	{pkg: "web"},

	// Programs: the only places that wire.
	{pkg: "cmd/assize-verify", own: []string{"", "verify"}},
	{pkg: "cmd/...", own: []string{"..."}, third: []string{
		"github.com/spf13/cobra/...", "github.com/spf13/pflag", "golang.org/x/term", "golang.org/x/mod/sumdb/...", "go.yaml.in/yaml/v3",
	}},

	// Support of tests, benchmarks and make. No shipped package may import it: it is in no row above but cmd's.
	// The example is data with its generator, which writes what the collectors would have.
	{pkg: "examples/acme"},
	{pkg: "examples/acme/gen", own: []string{"", "collect", "collect/aws", "collect/snapshot"}, third: yaml},
	{pkg: "internal/reportcase", own: []string{"..."}, third: []string{"golang.org/x/mod/sumdb/..."}},
	{pkg: "internal/...", own: []string{"..."}, third: join(awsSDK, yaml, []string{"github.com/google/go-cmp/...", "github.com/jackc/pgx/v5/..."})},
}

// A reservation keeps an import, also of the standard library, to some packages.
type reservation struct {
	imports []string
	to      []string
	why     string
}

var reservations = []reservation{
	{
		imports: []string{"github.com/aws/aws-sdk-go-v2/service/..."},
		to:      []string{"collect/aws", "blob/s3", "objects", "keys/kms", "internal/fakeaws/...", "internal/moto", "internal/bench"},
		why:     "one place per purpose talks to AWS, so that what the product may call can be read in one place",
	},
	{
		imports: []string{"net/http", "net/http/..."},
		to:      []string{"server/...", "collect/aws", "blob/s3", "keys/kms", "cmd/assize", "internal/..."},
		why:     "the server is the only HTTP server, and only adapters of AWS are HTTP clients",
	},
	{
		imports: []string{"database/sql", "database/sql/..."},
		to:      []string{"store/...", "jobs/river", "internal/..."},
		why:     "stores are the only ones to speak SQL",
	},
	{
		imports: []string{"C"},
		why:     "the binary is static and cross-compiled: CGO_ENABLED=0",
	},
}

// pure packages have no clock, network, database, environment or files: what they need of them are inputs.
var pure = []string{"", "evidence", "iam", "iam/sym", "iam/sar", "iam/sar/pack", "iam/plan", "iam/org", "iam/rules", "iam/gen", "graph", "assess", "assessment"}

// impureImports are what no pure package imports; net/netip and net/url are pure.
var impureImports = []string{
	"os", "os/...", "syscall", "net", "net/http", "net/http/...", "net/rpc/...", "net/smtp",
	"database/sql", "database/sql/...", "log", "log/...", "math/rand", "math/rand/...", "crypto/rand",
}

// impureCalls are functions of package time that read the clock or wait for it.
var impureCalls = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}

func join(lists ...[]string) []string {
	var all []string
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}
