"""Downloads the pinned source packages through their ordinary clients and opens what we need from them."""

import gzip
import hashlib
import json
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

CFN_LINT = {
    "package": "cfn-lint",
    "registry": "PyPI",
    "version": "1.58.0",
    "licence": "MIT-0",
    "provides": "schemas: properties, types, constraints, create-only properties, handler permissions",
}
SERVICE_SPEC = {
    "package": "@aws-cdk/aws-service-spec",
    "registry": "npm",
    "version": "0.1.216",
    "licence": "Apache-2.0",
    "provides": "facts: stateful, security-sensitive, what Ref returns, relationships between resources",
}
REGION = "us-east-1"


class Sources:
    def __init__(self, wheel: Path, tarball: Path):
        self.wheel = zipfile.ZipFile(wheel)
        self.files_by_type = json.loads(self.wheel.read(f"cfnlint/data/schemas/providers/{REGION}.json"))
        with tarfile.open(tarball) as archive:
            self.service_spec = json.loads(gzip.decompress(archive.extractfile("package/db.json.gz").read()))
        schema_date = json.loads(self.wheel.read("cfnlint/data/schemas/version.json"))["schema_date"]
        self.record = [
            {**CFN_LINT, "file": wheel.name, "sha256": sha256(wheel), "schema_date": schema_date, "region": REGION},
            {**SERVICE_SPEC, "file": tarball.name, "sha256": sha256(tarball)},
        ]

    def schema(self, resource_type: str) -> dict:
        if resource_type not in self.files_by_type:
            sys.exit(f"{resource_type} of types.txt is not in the schemas of {REGION}; correct the name or remove the line")
        return json.loads(self.wheel.read(f"cfnlint/data/schemas/resources/{self.files_by_type[resource_type]}.json"))


def fetch(directory: Path) -> Sources:
    requirement = f"{CFN_LINT['package']}=={CFN_LINT['version']}"
    run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(directory), requirement], directory)
    run(["npm", "pack", "--silent", f"{SERVICE_SPEC['package']}@{SERVICE_SPEC['version']}"], directory)
    return Sources(next(directory.glob("*.whl")), next(directory.glob("*.tgz")))


def run(command: list, directory: Path) -> None:
    try:
        subprocess.run(command, cwd=directory, check=True, stdout=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"cannot download the specification: {error}; check the network and that pip and npm are installed")


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
