//! Tells Tauri where its files are: the configuration is at the repository root, the rest under `src-tauri`.
fn main() {
    for path in ["src-tauri/capabilities", "src-tauri/permissions", "ui/dist"] {
        println!("cargo:rerun-if-changed={path}");
    }
    #[expect(clippy::expect_used, reason = "a build script reports by panicking")]
    std::fs::create_dir_all("ui/dist").expect("a place for the built UI");
    let manifest = tauri_build::AppManifest::new().permissions_path_pattern("src-tauri/permissions/*.toml");
    #[expect(clippy::expect_used, reason = "a build script reports by panicking")]
    tauri_build::try_build(
        tauri_build::Attributes::new()
            .capabilities_path_pattern("src-tauri/capabilities/*.json")
            .app_manifest(manifest),
    )
    .expect("tauri build step");
}
