package assess

import (
	"regexp"
	"slices"
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/assize-dev/assize/graph"
)

// instanceFamily takes an instance type of SageMaker apart: family letters,
// generation, attributes ("ml.p4d.24xlarge": p, 4, d; "ml.p6-b200.48xlarge": p, 6, -b200).
var instanceFamily = regexp.MustCompile(`^(?:ml\.)?([a-z]+)(\d+)([a-z0-9-]*)\.[a-z0-9-]+$`)

// localDisks are the families that have local disks without saying so by the
// attribute d (Amazon EC2 User Guide, "Instance store volumes", read in November 2026).
var localDisks = []string{
	"g5", "g6", "g6e", "gr6", "g6f", "gr6f", "g7e", "p5", "p5e", "p5en", "p6", "p6e", "trn1", "trn1n", "trn2", "trn2u", "i3", "i3en", "i4i", "i7i", "i7ie", "i8g",
}

// callInstanceStorage answers instanceStorage(type): whether instances of the
// type keep data on local disks. Their hardware encrypts those, and SageMaker refuses a
// key for the volume of a job on them.
func callInstanceStorage(args []ref.Val) ref.Val {
	m := instanceFamily.FindStringSubmatch(string(args[0].(types.String)))
	if m == nil {
		return types.False
	}
	attributes, _, _ := strings.Cut(m[3], "-")
	return types.Bool(strings.Contains(attributes, "d") || slices.Contains(localDisks, m[1]+m[2]+attributes))
}

// registryHost is the name of a private registry in Amazon ECR, in every partition.
var registryHost = regexp.MustCompile(
	`^(\d{12})\.dkr[.-]ecr(?:-fips)?\.[a-z0-9-]+\.(?:amazonaws\.com|amazonaws\.com\.cn|amazonaws\.eu|on\.aws|on\.amazonwebservices\.com\.cn)$`)

// callImageSource answers imageSource(image): who keeps the image. "own" is the
// account of the subject, "aws" an account from which AWS gives out SageMaker's images;
// else it is the account of an ECR registry, or the host of another registry.
func callImageSource(args []ref.Val) ref.Val {
	c, image := args[0].(*evalContext), string(args[1].(types.String))
	host, _, _ := strings.Cut(image, "/")
	m := registryHost.FindStringSubmatch(host)
	switch {
	case m == nil:
		return types.String(host)
	case m[1] == c.account:
		return types.String("own")
	case slices.Contains(imageAccounts, m[1]):
		return types.String("aws")
	case c.account == "":
		return c.unknown(c.placeUnknown())
	}
	return types.String(m[1])
}

// callBucketName answers bucketName(ref): the bucket that an S3 URI, URL or ARN names.
func callBucketName(args []ref.Val) ref.Val {
	return types.String(graph.BucketName(string(args[0].(types.String))))
}

// imageAccounts are the accounts from which AWS gives out Deep Learning Containers
// and SageMaker's own algorithms (SageMaker AI Developer Guide, "Docker registry
// paths and example code"; SageMaker Python SDK, image_uri_config; November 2026).
var imageAccounts = strings.Fields(`
	763104351884 626614931356 871362719292 364406365360 772153158452 907027046896 457447274322 204538143572
	727897471807 380420809688 692866216735 503227376785 780543022126 914824155844 217643126080 446045086412
	442386744353 886529160074 550225433462 590183813437 975050140332 637423239942 094389454867

	683313688378 257758044811 746614075791 246618743249 510948584623 651117190479 354813040037 366743142698
	867004704886 720646828776 628508329040 121021644041 783357654285 951798379941 106583098589 341280168497
	190319476487 450853457545 451049120500 492215442770 680994064768 662702820516 978288397137 104374241257
	141502667606 764974769150 659782779980 898809789911 272398656194 801668240914 737474898029 237065988967
	414596584902 833128469047 281123927165

	455444449433 286214385809 351501993468 835164637446 991648021394 475088953585 712309505854 469771592824
	390948362332 387376663083 664544806723 669576153137 438346466558 644912444149 749696950732 257386234256
	249704162688 855470959533 382416733822 404615174143 226302683700 490574956308 632365934929 174872318107

	501404015308 306986355934 544295431143 813361260812 685385470294 811284229777 825641698319 433757028032
	633353088612 204372634319 514117268639 495149712605 224300973850 522234722520 566113047672 156387875391
	258307448986 293181348795 297031611018 353608530281 999678624901 766337827248 999911452149 266724342769
`)
