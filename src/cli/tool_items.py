"""The entries of the menu behind Exit: tools around the builder, one line each in TOOLS, in the order of their
numbers."""

from __future__ import annotations

from src.cli.menu_item import Item

CURATE = Item(
    7,
    "Curate Large Sets",
    (
        ("Download a public set", "src.cli.curation_screens:download_set"),
        ("Deduplicate", "src.cli.curation_screens:dedupe_set"),
        ("Score", "src.cli.curation_screens:score_set"),
        ("Filter", "src.cli.curation_screens:filter_set"),
        ("Balance", "src.cli.curation_screens:balance_set"),
        ("Verify", "src.cli.curation_screens:verify_set"),
        ("Spot check", "src.cli.curation_screens:spot_check_set"),
        ("Package", "src.cli.curation_screens:package_set"),
        ("Distil: answers by several teachers", "src.cli.curation_screens:distil_set"),
        ("Group by topic", "src.cli.curation_screens:cluster_set"),
        ("Merge sets", "src.cli.curation_screens:merge_sets"),
    ),
    "src.cli.curation_screens:curate_all",
)

PREPARE = Item(
    8,
    "Prepare Data",
    (
        ("Convert chat logs", "src.cli.data_prep_screens:convert_logs"),
        ("Convert git history", "src.cli.data_prep_screens:convert_history"),
        ("Convert code (fill in the middle)", "src.cli.data_prep_screens:convert_code"),
        ("Check rows and lengths", "src.cli.data_prep_screens:check_rows"),
        ("Merge and split", "src.cli.data_prep_screens:merge_rows"),
    ),
    "src.cli.data_prep_screens:prepare_all",
)

TRAIN = Item(
    9,
    "Train",
    (
        ("Train a model on a dataset", "src.cli.training_screens:train_one"),
        ("Evaluate: before and after", "src.cli.training_screens:evaluate_one"),
        ("Talk to a trained model", "src.cli.training_screens:talk_to_one"),
        ("Compare settings", "src.cli.training_screens:sweep_settings"),
        ("Export a trained model", "src.cli.training_screens:export_one"),
    ),
)

LIBRARY = Item(
    10,
    "Dataset Library",
    (
        ("List datasets", "src.cli.library_screens:list_all"),
        ("Search samples", "src.cli.library_screens:search_all"),
        ("Show a dataset", "src.cli.library_screens:show_one"),
        ("Show versions", "src.cli.library_screens:show_versions"),
        ("Compare two versions by sample", "src.cli.library_screens:diff_versions"),
        ("Roll back to a version", "src.cli.library_screens:roll_back"),
        ("Where a sample comes from", "src.cli.library_screens:trace_one"),
        ("Browse and edit samples", "src.cli.editing_screens:browse_one"),
        ("Review borderline and similar samples", "src.cli.editing_screens:review_one"),
        ("Clean by a rule", "src.cli.editing_screens:clean_one"),
        ("Write a table to edit", "src.cli.editing_screens:write_table"),
        ("Take over an edited table", "src.cli.editing_screens:take_table"),
        ("Rename a dataset", "src.cli.library_screens:rename_one"),
        ("Delete a dataset", "src.cli.library_screens:delete_one"),
        ("Bring a deleted dataset back", "src.cli.library_screens:bring_one_back"),
        ("Make a release", "src.cli.sharing_screens:make_bundle"),
        ("Check a release", "src.cli.sharing_screens:check_bundle"),
        ("Write a folder for the Hugging Face Hub", "src.cli.sharing_screens:write_hub_folder"),
        ("Push to the Hugging Face Hub", "src.cli.sharing_screens:push_to_hub"),
    ),
)

MODELS_AND_JOBS = Item(
    11,
    "Models and Jobs",
    (
        ("Models to train, with limits and prices", "src.cli.model_menu:show_models"),
        ("Compare training costs", "src.cli.model_menu:compare_costs"),
        ("Convert a training file", "src.cli.model_menu:convert_file"),
        ("Launch a fine-tuning job", "src.cli.tuning_screens:launch_dataset"),
        ("Show jobs", "src.cli.tuning_screens:show_jobs"),
        ("Follow a job", "src.cli.tuning_screens:follow_one_job"),
        ("Cancel a job", "src.cli.tuning_screens:cancel_one_job"),
    ),
)

IMPROVE = Item(
    12,
    "Improve Dataset",
    (
        ("Refine a dataset", "src.cli.improve_screens:refine_one"),
        ("Compare two datasets", "src.cli.improve_screens:compare_two"),
        ("Drop samples", "src.cli.improve_screens:drop_some"),
    ),
)

TOOLS: tuple[Item, ...] = (CURATE, PREPARE, TRAIN, LIBRARY, MODELS_AND_JOBS, IMPROVE)
