//! Command handlers, one file per topic. Each delegates to `berth-app`.

mod calls;
mod certificates;
pub(crate) mod chosen;
mod clipboard;
mod clusters;
mod deploying;
mod diagnosis;
mod endpoints;
mod inventory;
mod kubeconfig;
mod lists;
mod requests;
mod runs;
mod saving;
pub(crate) mod secret_clipboard;
mod session;
mod wizard;

/// All handlers. A tidy test compares this list with the contract and the permissions.
pub(crate) fn handler() -> impl Fn(tauri::ipc::Invoke<tauri::Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        session::app_info,
        session::read_settings,
        session::write_settings,
        session::list_accounts,
        session::add_service_principal,
        session::remove_account,
        session::sign_in,
        lists::list_place,
        lists::list_versions,
        lists::list_sizes,
        lists::suggest_sizes,
        lists::list_networks,
        wizard::check_spec,
        wizard::check_deploy,
        wizard::deploy_defaults,
        chosen::choose_certificate_files,
        chosen::name_certificate_files,
        certificates::take_certificate,
        certificates::make_certificate,
        certificates::check_certificate,
        certificates::take_certificate_from_clipboard,
        certificates::list_key_vaults,
        certificates::list_key_vault_certificates,
        certificates::take_key_vault_certificate,
        requests::request_certificate,
        requests::list_certificate_requests,
        requests::save_certificate_request,
        requests::answer_certificate_request,
        requests::answer_certificate_request_from_clipboard,
        requests::drop_certificate_request,
        requests::authority_root,
        requests::save_authority_root,
        requests::trust_commands,
        requests::read_authority_terms,
        requests::order_certificate,
        requests::list_certificate_orders,
        requests::check_certificate_order,
        requests::finish_certificate_order,
        requests::drop_certificate_order,
        inventory::read_inventory,
        inventory::last_inventory,
        inventory::renew_certificates,
        certificates::save_certificate_files,
        certificates::forget_certificate,
        inventory::save_calendar,
        inventory::dns_texts,
        inventory::look_up_dns,
        runs::review,
        runs::start,
        clusters::get_cluster_details,
        clusters::check_access,
        endpoints::read_endpoints,
        endpoints::last_endpoints,
        endpoints::get_endpoint,
        endpoints::read_log,
        endpoints::read_front_end_logs,
        endpoints::save_log,
        endpoints::export_service,
        endpoints::read_pods,
        endpoints::list_serving,
        calls::call_endpoint,
        calls::choose_request_file,
        calls::copy_credential,
        calls::read_samples,
        calls::save_sample,
        calls::delete_sample,
        runs::list_runs,
        runs::get_run,
        runs::cancel_run,
        runs::resume_run,
        runs::decide_canary,
        runs::prove_again,
        diagnosis::diagnose,
        kubeconfig::choose_kubeconfig_file,
        kubeconfig::save_kubeconfig,
        wizard::read_draft,
        wizard::write_draft,
        wizard::drop_draft,
        deploying::choose_path,
        deploying::list_code,
        deploying::read_deploy_draft,
        deploying::write_deploy_draft,
        deploying::drop_deploy_draft,
    ]
}
