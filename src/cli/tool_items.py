"""The entries of the menu behind Exit: tools around the builder, one line each in TOOLS, in the order of their
numbers."""

from __future__ import annotations

from src.cli.menu_item import Item

CURATE = Item(
    7,
    "Curate Large Sets",
    (
        ("Download a public set", "src.cli.menus.curation:download_set"),
        ("Deduplicate", "src.cli.menus.curation:dedupe_set"),
        ("Score", "src.cli.menus.curation:score_set"),
        ("Filter", "src.cli.menus.curation:filter_set"),
        ("Balance", "src.cli.menus.curation:balance_set"),
        ("Verify", "src.cli.menus.curation:verify_set"),
        ("Spot check", "src.cli.menus.curation:spot_check_set"),
        ("Package", "src.cli.menus.curation:package_set"),
        ("Distil: answers by several teachers", "src.cli.menus.curation:distil_set"),
        ("Group by topic", "src.cli.menus.curation:cluster_set"),
        ("Merge sets", "src.cli.menus.curation:merge_sets"),
    ),
    "src.cli.menus.curation:curate_all",
)

PREPARE = Item(
    8,
    "Prepare Data",
    (
        ("Convert chat logs", "src.cli.menus.data_prep:convert_logs"),
        ("Convert git history", "src.cli.menus.data_prep:convert_history"),
        ("Convert code (fill in the middle)", "src.cli.menus.data_prep:convert_code"),
        ("Check rows and lengths", "src.cli.menus.data_prep:check_rows"),
        ("Merge and split", "src.cli.menus.data_prep:merge_rows"),
    ),
    "src.cli.menus.data_prep:prepare_all",
)

TRAIN = Item(
    9,
    "Train",
    (
        ("Train a model on a dataset", "src.cli.menus.training:train_one"),
        ("Evaluate: before and after", "src.cli.menus.training:evaluate_one"),
        ("Talk to a trained model", "src.cli.menus.training:talk_to_one"),
        ("Compare settings", "src.cli.menus.training:sweep_settings"),
        ("Export a trained model", "src.cli.menus.training:export_one"),
    ),
)

LIBRARY = Item(
    10,
    "Dataset Library",
    (
        ("List datasets", "src.cli.menus.library:list_all"),
        ("Search samples", "src.cli.menus.library:search_all"),
        ("Show a dataset", "src.cli.menus.library:show_one"),
        ("Show versions", "src.cli.menus.library:show_versions"),
        ("Compare two versions by sample", "src.cli.menus.library:diff_versions"),
        ("Roll back to a version", "src.cli.menus.library:roll_back"),
        ("Where a sample comes from", "src.cli.menus.library:trace_one"),
        ("Browse and edit samples", "src.cli.menus.editing:browse_one"),
        ("Review borderline and similar samples", "src.cli.menus.editing:review_one"),
        ("Clean by a rule", "src.cli.menus.editing:clean_one"),
        ("Write a table to edit", "src.cli.menus.editing:write_table"),
        ("Take over an edited table", "src.cli.menus.editing:take_table"),
        ("Rename a dataset", "src.cli.menus.library:rename_one"),
        ("Delete a dataset", "src.cli.menus.library:delete_one"),
        ("Bring a deleted dataset back", "src.cli.menus.library:bring_one_back"),
        ("Make a release", "src.cli.menus.sharing:make_bundle"),
        ("Check a release", "src.cli.menus.sharing:check_bundle"),
        ("Write a folder for the Hugging Face Hub", "src.cli.menus.sharing:write_hub_folder"),
        ("Push to the Hugging Face Hub", "src.cli.menus.sharing:push_to_hub"),
    ),
)

MODELS_AND_JOBS = Item(
    11,
    "Models and Jobs",
    (
        ("Models to train, with limits and prices", "src.cli.menus.models:show_models"),
        ("Compare training costs", "src.cli.menus.models:compare_costs"),
        ("Convert a training file", "src.cli.menus.models:convert_file"),
        ("Launch a fine-tuning job", "src.cli.menus.tuning:launch_dataset"),
        ("Show jobs", "src.cli.menus.tuning:show_jobs"),
        ("Follow a job", "src.cli.menus.tuning:follow_one_job"),
        ("Cancel a job", "src.cli.menus.tuning:cancel_one_job"),
    ),
)

IMPROVE = Item(
    12,
    "Improve Dataset",
    (
        ("Refine a dataset", "src.cli.menus.improve:refine_one"),
        ("Compare two datasets", "src.cli.menus.improve:compare_two"),
        ("Drop samples", "src.cli.menus.improve:drop_some"),
    ),
)

TOOLS: tuple[Item, ...] = (CURATE, PREPARE, TRAIN, LIBRARY, MODELS_AND_JOBS, IMPROVE)
