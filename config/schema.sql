CREATE EXTENSION IF NOT EXISTS intarray WITH SCHEMA public;

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

CREATE FUNCTION public._pgh_attach_context() RETURNS uuid
    LANGUAGE plpgsql
    AS $$
                    DECLARE
                        _pgh_context_id UUID;
                        _pgh_context_metadata JSONB;
                    BEGIN
                        BEGIN
                            SELECT INTO _pgh_context_id
                                CURRENT_SETTING('pghistory.context_id');
                            SELECT INTO _pgh_context_metadata
                                CURRENT_SETTING('pghistory.context_metadata');
                            EXCEPTION WHEN OTHERS THEN
                        END;
                        IF _pgh_context_id IS NOT NULL AND _pgh_context_metadata IS NOT NULL THEN
                            INSERT INTO pghistory_context (id, metadata, created_at, updated_at)
                                VALUES (_pgh_context_id, _pgh_context_metadata, NOW(), NOW())
                                ON CONFLICT (id) DO UPDATE
                                    SET metadata = EXCLUDED.metadata,
                                        updated_at = EXCLUDED.updated_at
                                    WHERE pghistory_context.metadata != EXCLUDED.metadata;
                            RETURN _pgh_context_id;
                        ELSE
                            RETURN NULL;
                        END IF;
                    END;
                $$;

CREATE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
                DECLARE
                    _pgtrigger_ignore TEXT[];
                    _result BOOLEAN;
                BEGIN
                    BEGIN
                        SELECT INTO _pgtrigger_ignore
                            CURRENT_SETTING('pgtrigger.ignore');
                        EXCEPTION WHEN OTHERS THEN
                    END;
                    IF _pgtrigger_ignore IS NOT NULL THEN
                        SELECT trigger_name = ANY(_pgtrigger_ignore)
                        INTO _result;
                        RETURN _result;
                    ELSE
                        RETURN FALSE;
                    END IF;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_append_only_0526f() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_append_only_06f90() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_append_only_0df0e() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_append_only_34ce9() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_append_only_513c2() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_append_only_5b50e() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_append_only_7eb88() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_append_only_8047e() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_append_only_9c114() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_append_only_9dd73() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_append_only_a2cf2() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_append_only_aeef3() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_append_only_cefd0() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_append_only_e7bff() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_append_only_eb893() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_append_only_faef5() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_articles_noted_delete_050de() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'articles', noted.uid FROM (
                    SELECT (SELECT t.uid FROM sources_article t WHERE t.id = r.article_id) AS uid FROM old_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_articles_noted_delete_a5161() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'articles', noted.uid FROM (
                    SELECT (SELECT a.uid FROM sources_derivation d JOIN sources_article a ON a.id = d.article_id WHERE d.id = r.derivation_id) AS uid FROM old_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_articles_noted_delete_b9508() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'articles', noted.uid FROM (
                    SELECT r.uid AS uid FROM old_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_articles_noted_insert_1e10f() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'articles', noted.uid FROM (
                    SELECT (SELECT t.uid FROM sources_article t WHERE t.id = r.article_id) AS uid FROM new_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_articles_noted_insert_85eea() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'articles', noted.uid FROM (
                    SELECT r.uid AS uid FROM new_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_articles_noted_insert_f67b2() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'articles', noted.uid FROM (
                    SELECT (SELECT a.uid FROM sources_derivation d JOIN sources_article a ON a.id = d.article_id WHERE d.id = r.derivation_id) AS uid FROM new_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_articles_noted_update_13968() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'articles', noted.uid FROM (
                    SELECT r.uid AS uid FROM old_values r WHERE TRUE UNION SELECT r.uid AS uid FROM new_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_articles_noted_update_6e7e6() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'articles', noted.uid FROM (
                    SELECT (SELECT t.uid FROM sources_article t WHERE t.id = r.article_id) AS uid FROM old_values r WHERE TRUE UNION SELECT (SELECT t.uid FROM sources_article t WHERE t.id = r.article_id) AS uid FROM new_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_articles_noted_update_e1fba() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'articles', noted.uid FROM (
                    SELECT (SELECT a.uid FROM sources_derivation d JOIN sources_article a ON a.id = d.article_id WHERE d.id = r.derivation_id) AS uid FROM old_values r WHERE TRUE UNION SELECT (SELECT a.uid FROM sources_derivation d JOIN sources_article a ON a.id = d.article_id WHERE d.id = r.derivation_id) AS uid FROM new_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_attributions_noted_delete_2c983() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'attributions', noted.uid FROM (
                    SELECT r.uid AS uid FROM old_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_attributions_noted_insert_465cf() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'attributions', noted.uid FROM (
                    SELECT r.uid AS uid FROM new_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_attributions_noted_update_d3fa1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'attributions', noted.uid FROM (
                    SELECT r.uid AS uid FROM old_values r WHERE TRUE UNION SELECT r.uid AS uid FROM new_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_claims_noted_delete_14cf2() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'claims', noted.uid FROM (
                    SELECT r.uid AS uid FROM old_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_claims_noted_delete_2f6e9() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'claims', noted.uid FROM (
                    SELECT (SELECT t.uid FROM claims_claim t WHERE t.id = r.claim_id) AS uid FROM old_values r WHERE r.basis = 'counted'
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_claims_noted_delete_9286a() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'claims', noted.uid FROM (
                    SELECT (SELECT t.uid FROM claims_claim t WHERE t.id = r.claim_id) AS uid FROM old_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_claims_noted_insert_20b44() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'claims', noted.uid FROM (
                    SELECT (SELECT t.uid FROM claims_claim t WHERE t.id = r.claim_id) AS uid FROM new_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_claims_noted_insert_c07bf() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'claims', noted.uid FROM (
                    SELECT (SELECT t.uid FROM claims_claim t WHERE t.id = r.claim_id) AS uid FROM new_values r WHERE r.basis = 'counted'
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_claims_noted_insert_f1ca5() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'claims', noted.uid FROM (
                    SELECT r.uid AS uid FROM new_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_claims_noted_update_44d81() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'claims', noted.uid FROM (
                    SELECT r.uid AS uid FROM old_values r WHERE TRUE UNION SELECT r.uid AS uid FROM new_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_claims_noted_update_56182() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'claims', noted.uid FROM (
                    SELECT (SELECT t.uid FROM claims_claim t WHERE t.id = r.claim_id) AS uid FROM old_values r WHERE TRUE UNION SELECT (SELECT t.uid FROM claims_claim t WHERE t.id = r.claim_id) AS uid FROM new_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_claims_noted_update_c6ab5() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'claims', noted.uid FROM (
                    SELECT (SELECT t.uid FROM claims_claim t WHERE t.id = r.claim_id) AS uid FROM old_values r WHERE r.basis = 'counted' UNION SELECT (SELECT t.uid FROM claims_claim t WHERE t.id = r.claim_id) AS uid FROM new_values r WHERE r.basis = 'counted'
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_complete_9e259() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                DECLARE stored claims_corroboration; was boolean; now_is boolean; became text; told jsonb;
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
            IF NEW.type IN ('mark.level', 'mark.dispute') THEN
                SELECT * INTO stored FROM claims_corroboration WHERE claim_id = NEW.row_id AND basis = 'counted';
                IF NEW.type = 'mark.level' THEN
                    was := NEW.data->>'level' = 'corroborated';
                    now_is := coalesce(stored.level = 'corroborated', FALSE);
                    became := CASE WHEN now_is THEN 'claim.corroborated' ELSE 'claim.corroboration_lost' END;
                ELSE
                    was := (NEW.data->>'disputed')::boolean;
                    now_is := coalesce(stored.disputed, FALSE);
                    became := CASE WHEN now_is THEN 'claim.disputed' ELSE 'claim.dispute_ended' END;
                END IF;
                SELECT jsonb_build_object(
                    'claim', jsonb_build_object(
                        'uid', c.uid, 'text', c.text, 'language', c.language, 'said_on', c.said_on,
                        'speaker', CASE WHEN s.id IS NOT NULL THEN jsonb_build_object('uid', s.uid, 'name', s.name) END,
                        'topics', (
        SELECT coalesce(
            jsonb_agg(jsonb_build_object('uid', u.uid, 'slug', u.slug, 'name', u.name) ORDER BY u.name), '[]'
        ) FROM claims_claimtopic l JOIN claims_topic u ON u.id = l.topic_id WHERE l.claim_id = c.id
    ),
                        'merged_into', (SELECT m.uid FROM claims_claim m WHERE m.id = c.merged_into_id)
                    ),
                    'before', NEW.data,
                    'counted', CASE WHEN stored.id IS NOT NULL THEN
                        jsonb_build_object(
                            'level', stored.level, 'disputed', stored.disputed, 'report_count', stored.report_count, 'outlet_count', stored.outlet_count, 'origin_count', stored.origin_count, 'origin_lower_bound', stored.origin_lower_bound, 'exact', stored.exact, 'outlets', (
        SELECT coalesce(
            jsonb_agg(jsonb_build_object('uid', u.uid, 'slug', u.slug, 'name', u.name) ORDER BY u.name), '[]'
        ) FROM claims_corroboration_outlets l JOIN sources_outlet u ON u.id = l.outlet_id WHERE l.corroboration_id = stored.id
    ), 'origins', (
        SELECT coalesce(
            jsonb_agg(jsonb_build_object('uid', u.uid, 'slug', u.slug, 'name', u.name) ORDER BY u.name), '[]'
        ) FROM claims_corroboration_origins l JOIN sources_outlet u ON u.id = l.outlet_id WHERE l.corroboration_id = stored.id
    )
                        )
                    END,
                    'confirmed', (
                        SELECT jsonb_build_object('level', k.level, 'disputed', k.disputed, 'report_count', k.report_count, 'outlet_count', k.outlet_count, 'origin_count', k.origin_count, 'origin_lower_bound', k.origin_lower_bound, 'exact', k.exact)
                        FROM claims_corroboration k WHERE k.claim_id = c.id AND k.basis = 'confirmed'
                    )
                ) INTO told
                FROM claims_claim c LEFT JOIN claims_speaker s ON s.id = c.speaker_id WHERE c.id = NEW.row_id;
            ELSE
                became := 'article.revised';
                SELECT jsonb_build_object(
                    'article', jsonb_build_object(
                        'uid', a.uid, 'title', a.title, 'url', a.url, 'language', a.language,
                        'published_at', a.published_at,
                        'outlet', jsonb_build_object('uid', o.uid, 'slug', o.slug, 'name', o.name)
                    ),
                    'revision', jsonb_build_object('uid', n.uid, 'number', n.number, 'sha256', n.sha256),
                    'before', jsonb_build_object('uid', b.uid, 'number', b.number, 'sha256', b.sha256)
                ) INTO told
                FROM sources_article a
                JOIN sources_outlet o ON o.id = a.outlet_id
                JOIN sources_revision n ON n.id = a.current_revision_id
                JOIN sources_revision b ON b.id = (NEW.data->>'revision')::bigint
                WHERE a.id = NEW.row_id AND b.id <> n.id;
            END IF;
            IF was = now_is OR told IS NULL THEN
                DELETE FROM notices_event WHERE id = NEW.id;
            ELSE
                UPDATE notices_event SET type = became, data = told, at = clock_timestamp() WHERE id = NEW.id;
            END IF;
            RETURN NULL;
        
                END;
            $$;

CREATE FUNCTION public.pgtrigger_count_articles_in_ea973() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
        INSERT INTO claims_outlettally (outlet_id, articles, claims, alone, earliest, explained, folded)
        SELECT outlet_id, sum(n), 0, 0, 0, 0, false FROM (SELECT outlet_id, 1 AS n FROM changed) rows GROUP BY outlet_id HAVING sum(n) <> 0;
     RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_count_articles_moved_b9494() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
        INSERT INTO claims_outlettally (outlet_id, articles, claims, alone, earliest, explained, folded)
        SELECT outlet_id, sum(n), 0, 0, 0, 0, false FROM (SELECT outlet_id, 1 AS n FROM after UNION ALL SELECT outlet_id, -1 AS n FROM before) rows GROUP BY outlet_id HAVING sum(n) <> 0;
     RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_count_articles_out_f22e9() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
        INSERT INTO claims_outlettally (outlet_id, articles, claims, alone, earliest, explained, folded)
        SELECT outlet_id, sum(n), 0, 0, 0, 0, false FROM (SELECT outlet_id, -1 AS n FROM changed) rows GROUP BY outlet_id HAVING sum(n) <> 0;
     RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_count_coverage_in_b5c13() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
        INSERT INTO claims_outlettally (outlet_id, articles, claims, alone, earliest, explained, folded)
        SELECT outlet_id, 0,
            +count(*) FILTER (WHERE affirming > 0),
            +count(*) FILTER (WHERE affirming > 0 AND outlets = 1),
            +count(*) FILTER (WHERE is_first),
            +count(*) FILTER (WHERE explains AND outlets > 1),
            false
        FROM (SELECT *, count(*) FILTER (WHERE affirming > 0) OVER (PARTITION BY claim_id) AS outlets FROM changed) rows
        GROUP BY outlet_id;
        INSERT INTO claims_outletpair (outlet_id, other_id, shared, independent, folded)
        SELECT one.outlet_id, two.outlet_id,
            +count(*), +count(*) FILTER (WHERE NOT one.origins && two.origins), false
        FROM (SELECT *, count(*) FILTER (WHERE affirming > 0) OVER (PARTITION BY claim_id) AS outlets FROM changed) one
        JOIN changed two ON two.claim_id = one.claim_id AND two.outlet_id > one.outlet_id
        WHERE one.affirming > 0 AND two.affirming > 0 AND one.outlets <= 200
        GROUP BY one.outlet_id, two.outlet_id;
     RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_count_coverage_out_dc0a5() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
        INSERT INTO claims_outlettally (outlet_id, articles, claims, alone, earliest, explained, folded)
        SELECT outlet_id, 0,
            -count(*) FILTER (WHERE affirming > 0),
            -count(*) FILTER (WHERE affirming > 0 AND outlets = 1),
            -count(*) FILTER (WHERE is_first),
            -count(*) FILTER (WHERE explains AND outlets > 1),
            false
        FROM (SELECT *, count(*) FILTER (WHERE affirming > 0) OVER (PARTITION BY claim_id) AS outlets FROM changed) rows
        GROUP BY outlet_id;
        INSERT INTO claims_outletpair (outlet_id, other_id, shared, independent, folded)
        SELECT one.outlet_id, two.outlet_id,
            -count(*), -count(*) FILTER (WHERE NOT one.origins && two.origins), false
        FROM (SELECT *, count(*) FILTER (WHERE affirming > 0) OVER (PARTITION BY claim_id) AS outlets FROM changed) one
        JOIN changed two ON two.claim_id = one.claim_id AND two.outlet_id > one.outlet_id
        WHERE one.affirming > 0 AND two.affirming > 0 AND one.outlets <= 200
        GROUP BY one.outlet_id, two.outlet_id;
     RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_delete_delete_10a2a() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "sources_articleevent" ("byline", "created_at", "current_revision_id", "external_id", "id", "identity", "language", "outlet_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_has_time", "revised_at", "title", "uid", "url") VALUES (OLD."byline", OLD."created_at", OLD."current_revision_id", OLD."external_id", OLD."id", OLD."identity", OLD."language", OLD."outlet_id", _pgh_attach_context(), NOW(), 'delete', OLD."id", OLD."published_at", OLD."published_has_time", OLD."revised_at", OLD."title", OLD."uid", OLD."url"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_delete_delete_28e40() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_claimtopicevent" ("claim_id", "id", "method", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "topic_id") VALUES (OLD."claim_id", OLD."id", OLD."method", _pgh_attach_context(), NOW(), 'delete', OLD."id", OLD."topic_id"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_delete_delete_430b2() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_attributionevent" ("claim_id", "created_at", "decided_at", "decided_by_id", "id", "method", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "score", "stance", "statement_id", "status", "sub_scores", "uid") VALUES (OLD."claim_id", OLD."created_at", OLD."decided_at", OLD."decided_by_id", OLD."id", OLD."method", _pgh_attach_context(), NOW(), 'delete', OLD."id", OLD."score", OLD."stance", OLD."statement_id", OLD."status", OLD."sub_scores", OLD."uid"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_delete_delete_78ac3() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "sources_outletdomainevent" ("domain", "id", "outlet_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."domain", OLD."id", OLD."outlet_id", _pgh_attach_context(), NOW(), 'delete', OLD."id"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_delete_delete_7b681() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_noteevent" ("attribution_id", "claim_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "statement_id", "text", "uid", "withdrawn_at", "written_at", "written_by_id") VALUES (OLD."attribution_id", OLD."claim_id", OLD."id", _pgh_attach_context(), NOW(), 'delete', OLD."id", OLD."statement_id", OLD."text", OLD."uid", OLD."withdrawn_at", OLD."written_at", OLD."written_by_id"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_delete_delete_7c97d() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_flagevent" ("answer", "attribution_id", "claim_id", "id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_at", "settled_at", "settled_by_id", "statement_id", "text", "uid") VALUES (OLD."answer", OLD."attribution_id", OLD."claim_id", OLD."id", OLD."outcome", _pgh_attach_context(), NOW(), 'delete', OLD."id", OLD."raised_at", OLD."settled_at", OLD."settled_by_id", OLD."statement_id", OLD."text", OLD."uid"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_delete_delete_7dfb7() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "sources_derivationevent" ("article_id", "created_at", "decided_at", "decided_by_id", "end", "id", "kind", "method", "partial", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision_id", "score", "start", "status", "uid", "upstream_article_id", "upstream_outlet_id") VALUES (OLD."article_id", OLD."created_at", OLD."decided_at", OLD."decided_by_id", OLD."end", OLD."id", OLD."kind", OLD."method", OLD."partial", _pgh_attach_context(), NOW(), 'delete', OLD."id", OLD."revision_id", OLD."score", OLD."start", OLD."status", OLD."uid", OLD."upstream_article_id", OLD."upstream_outlet_id"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_delete_delete_89525() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_statementrelayevent" ("end", "hop", "id", "outlet_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "start", "statement_id") VALUES (OLD."end", OLD."hop", OLD."id", OLD."outlet_id", _pgh_attach_context(), NOW(), 'delete', OLD."id", OLD."start", OLD."statement_id"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_delete_delete_a32b8() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_topicevent" ("id", "keywords", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "uid") VALUES (OLD."id", OLD."keywords", OLD."name", _pgh_attach_context(), NOW(), 'delete', OLD."id", OLD."slug", OLD."uid"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_delete_delete_aae0e() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_statementevent" ("act", "confidence", "content_key", "created_at", "denies", "end", "heading", "hedged", "id", "kind", "method", "negated", "orphaned_at", "orphaned_reason", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quote", "revision_id", "said_on", "source_text", "speaker_id", "start", "uid", "withdrawn_at", "withdrawn_reason") VALUES (OLD."act", OLD."confidence", OLD."content_key", OLD."created_at", OLD."denies", OLD."end", OLD."heading", OLD."hedged", OLD."id", OLD."kind", OLD."method", OLD."negated", OLD."orphaned_at", OLD."orphaned_reason", _pgh_attach_context(), NOW(), 'delete', OLD."id", OLD."quote", OLD."revision_id", OLD."said_on", OLD."source_text", OLD."speaker_id", OLD."start", OLD."uid", OLD."withdrawn_at", OLD."withdrawn_reason"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_delete_delete_adf39() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_claimlinkevent" ("claim_id", "created_at", "decided_at", "decided_by_id", "id", "kind", "method", "other_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "score", "status", "sub_scores", "uid") VALUES (OLD."claim_id", OLD."created_at", OLD."decided_at", OLD."decided_by_id", OLD."id", OLD."kind", OLD."method", OLD."other_id", _pgh_attach_context(), NOW(), 'delete', OLD."id", OLD."reason", OLD."score", OLD."status", OLD."sub_scores", OLD."uid"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_delete_delete_b8590() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_speakerevent" ("created_at", "edited_by_id", "id", "kind", "merged_into_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "represents_id", "uid", "wikidata_id") VALUES (OLD."created_at", OLD."edited_by_id", OLD."id", OLD."kind", OLD."merged_into_id", OLD."name", _pgh_attach_context(), NOW(), 'delete', OLD."id", OLD."represents_id", OLD."uid", OLD."wikidata_id"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_delete_delete_d8785() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "sources_outletaliasevent" ("id", "name", "outlet_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."id", OLD."name", OLD."outlet_id", _pgh_attach_context(), NOW(), 'delete', OLD."id"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_delete_delete_dbede() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "sources_outletevent" ("created_at", "id", "kind", "merged_into_id", "name", "owner_id", "owner_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reviewed", "slug", "uid") VALUES (OLD."created_at", OLD."id", OLD."kind", OLD."merged_into_id", OLD."name", OLD."owner_id", OLD."owner_name", _pgh_attach_context(), NOW(), 'delete', OLD."id", OLD."reviewed", OLD."slug", OLD."uid"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_delete_delete_dbf31() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_claimevent" ("created_at", "id", "language", "merged_into_id", "method", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "said_on", "speaker_id", "text", "text_by_id", "topics_by_id", "uid", "updated_at") VALUES (OLD."created_at", OLD."id", OLD."language", OLD."merged_into_id", OLD."method", _pgh_attach_context(), NOW(), 'delete', OLD."id", OLD."said_on", OLD."speaker_id", OLD."text", OLD."text_by_id", OLD."topics_by_id", OLD."uid", OLD."updated_at"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_delete_delete_f0375() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_speakeraliasevent" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "speaker_id") VALUES (OLD."id", OLD."name", _pgh_attach_context(), NOW(), 'delete', OLD."id", OLD."speaker_id"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_due_after_delete_00a35() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_corroborationdue (kind, row_id)
                SELECT DISTINCT 'claim', due.id FROM (
                    SELECT r.claim_id AS id FROM (SELECT * FROM old_values) r WHERE TRUE
                ) due WHERE due.id IS NOT NULL;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_due_after_delete_1091c() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_corroborationdue (kind, row_id)
                SELECT DISTINCT 'article', due.id FROM (
                    SELECT r.article_id AS id FROM (SELECT * FROM old_values) r WHERE r.kind <> 'citation'
                ) due WHERE due.id IS NOT NULL;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_due_after_delete_9d4e6() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_corroborationdue (kind, row_id)
                SELECT DISTINCT 'claim', due.id FROM (
                    SELECT r.claim_id AS id FROM (SELECT * FROM old_values) r WHERE TRUE
                ) due WHERE due.id IS NOT NULL;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_due_after_delete_9d83a() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_corroborationdue (kind, row_id)
                SELECT DISTINCT 'speaker', due.id FROM (
                    SELECT r.speaker_id AS id FROM (SELECT * FROM old_values) r WHERE TRUE
                ) due WHERE due.id IS NOT NULL;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_due_after_delete_db1e6() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_corroborationdue (kind, row_id)
                SELECT DISTINCT 'revision', due.id FROM (
                    SELECT (SELECT s.revision_id FROM claims_statement s WHERE s.id = r.statement_id) AS id FROM (SELECT * FROM old_values) r WHERE TRUE
                ) due WHERE due.id IS NOT NULL;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_due_after_insert_20144() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_corroborationdue (kind, row_id)
                SELECT DISTINCT 'revision', due.id FROM (
                    SELECT (SELECT s.revision_id FROM claims_statement s WHERE s.id = r.statement_id) AS id FROM (SELECT * FROM new_values) r WHERE TRUE
                ) due WHERE due.id IS NOT NULL;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_due_after_insert_3938f() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_corroborationdue (kind, row_id)
                SELECT DISTINCT 'claim', due.id FROM (
                    SELECT r.id AS id FROM (SELECT * FROM new_values) r WHERE TRUE
                ) due WHERE due.id IS NOT NULL;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_due_after_insert_6a3d0() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_corroborationdue (kind, row_id)
                SELECT DISTINCT 'claim', due.id FROM (
                    SELECT r.claim_id AS id FROM (SELECT * FROM new_values) r WHERE TRUE
                ) due WHERE due.id IS NOT NULL;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_due_after_insert_a2aa2() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_corroborationdue (kind, row_id)
                SELECT DISTINCT 'article', due.id FROM (
                    SELECT r.article_id AS id FROM (SELECT * FROM new_values) r WHERE r.kind <> 'citation'
                ) due WHERE due.id IS NOT NULL;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_due_after_insert_c0d95() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_corroborationdue (kind, row_id)
                SELECT DISTINCT 'speaker', due.id FROM (
                    SELECT r.speaker_id AS id FROM (SELECT * FROM new_values) r WHERE TRUE
                ) due WHERE due.id IS NOT NULL;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_due_after_insert_de68c() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_corroborationdue (kind, row_id)
                SELECT DISTINCT 'claim', due.id FROM (
                    SELECT r.claim_id AS id FROM (SELECT * FROM new_values) r WHERE TRUE
                ) due WHERE due.id IS NOT NULL;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_due_after_update_17e4e() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_corroborationdue (kind, row_id)
                SELECT DISTINCT 'speaker', due.id FROM (
                    SELECT r.speaker_id AS id FROM (SELECT o.* FROM old_values o JOIN new_values n ON n.id = o.id WHERE o."speaker_id" IS DISTINCT FROM n."speaker_id" OR o."name" IS DISTINCT FROM n."name" UNION ALL SELECT n.* FROM old_values o JOIN new_values n ON n.id = o.id WHERE o."speaker_id" IS DISTINCT FROM n."speaker_id" OR o."name" IS DISTINCT FROM n."name") r WHERE TRUE
                ) due WHERE due.id IS NOT NULL;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_due_after_update_2690c() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_corroborationdue (kind, row_id)
                SELECT DISTINCT 'claim', due.id FROM (
                    SELECT r.id AS id FROM (SELECT o.* FROM old_values o JOIN new_values n ON n.id = o.id WHERE o."text" IS DISTINCT FROM n."text" OR o."language" IS DISTINCT FROM n."language" OR o."said_on" IS DISTINCT FROM n."said_on" OR o."speaker_id" IS DISTINCT FROM n."speaker_id" OR o."merged_into_id" IS DISTINCT FROM n."merged_into_id") r WHERE TRUE
                ) due WHERE due.id IS NOT NULL;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_due_after_update_2dca2() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_corroborationdue (kind, row_id)
                SELECT DISTINCT 'claim', due.id FROM (
                    SELECT r.claim_id AS id FROM (SELECT o.* FROM old_values o JOIN new_values n ON n.id = o.id WHERE o."claim_id" IS DISTINCT FROM n."claim_id" OR o."topic_id" IS DISTINCT FROM n."topic_id" UNION ALL SELECT n.* FROM old_values o JOIN new_values n ON n.id = o.id WHERE o."claim_id" IS DISTINCT FROM n."claim_id" OR o."topic_id" IS DISTINCT FROM n."topic_id") r WHERE TRUE
                ) due WHERE due.id IS NOT NULL;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_due_after_update_4ccbd() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_corroborationdue (kind, row_id)
                SELECT DISTINCT 'claim', due.id FROM (
                    SELECT r.claim_id AS id FROM (SELECT o.* FROM old_values o JOIN new_values n ON n.id = o.id WHERE o."claim_id" IS DISTINCT FROM n."claim_id" OR o."statement_id" IS DISTINCT FROM n."statement_id" OR o."stance" IS DISTINCT FROM n."stance" OR o."status" IS DISTINCT FROM n."status" UNION ALL SELECT n.* FROM old_values o JOIN new_values n ON n.id = o.id WHERE o."claim_id" IS DISTINCT FROM n."claim_id" OR o."statement_id" IS DISTINCT FROM n."statement_id" OR o."stance" IS DISTINCT FROM n."stance" OR o."status" IS DISTINCT FROM n."status") r WHERE TRUE
                ) due WHERE due.id IS NOT NULL;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_due_after_update_50f27() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_corroborationdue (kind, row_id)
                SELECT DISTINCT 'speaker', due.id FROM (
                    SELECT r.id AS id FROM (SELECT o.* FROM old_values o JOIN new_values n ON n.id = o.id WHERE o."name" IS DISTINCT FROM n."name") r WHERE TRUE
                ) due WHERE due.id IS NOT NULL;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_due_after_update_7c275() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_corroborationdue (kind, row_id)
                SELECT DISTINCT 'revision', due.id FROM (
                    SELECT (SELECT s.revision_id FROM claims_statement s WHERE s.id = r.statement_id) AS id FROM (SELECT o.* FROM old_values o JOIN new_values n ON n.id = o.id WHERE o."statement_id" IS DISTINCT FROM n."statement_id" OR o."outlet_id" IS DISTINCT FROM n."outlet_id" OR o."hop" IS DISTINCT FROM n."hop" UNION ALL SELECT n.* FROM old_values o JOIN new_values n ON n.id = o.id WHERE o."statement_id" IS DISTINCT FROM n."statement_id" OR o."outlet_id" IS DISTINCT FROM n."outlet_id" OR o."hop" IS DISTINCT FROM n."hop") r WHERE TRUE
                ) due WHERE due.id IS NOT NULL;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_due_after_update_ba976() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_corroborationdue (kind, row_id)
                SELECT DISTINCT 'article', due.id FROM (
                    SELECT r.article_id AS id FROM (SELECT o.* FROM old_values o JOIN new_values n ON n.id = o.id WHERE o."article_id" IS DISTINCT FROM n."article_id" OR o."kind" IS DISTINCT FROM n."kind" OR o."upstream_outlet_id" IS DISTINCT FROM n."upstream_outlet_id" OR o."upstream_article_id" IS DISTINCT FROM n."upstream_article_id" OR o."partial" IS DISTINCT FROM n."partial" OR o."revision_id" IS DISTINCT FROM n."revision_id" OR o."status" IS DISTINCT FROM n."status" UNION ALL SELECT n.* FROM old_values o JOIN new_values n ON n.id = o.id WHERE o."article_id" IS DISTINCT FROM n."article_id" OR o."kind" IS DISTINCT FROM n."kind" OR o."upstream_outlet_id" IS DISTINCT FROM n."upstream_outlet_id" OR o."upstream_article_id" IS DISTINCT FROM n."upstream_article_id" OR o."partial" IS DISTINCT FROM n."partial" OR o."revision_id" IS DISTINCT FROM n."revision_id" OR o."status" IS DISTINCT FROM n."status") r WHERE r.kind <> 'citation'
                ) due WHERE due.id IS NOT NULL;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_due_after_update_c436e() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_corroborationdue (kind, row_id)
                SELECT DISTINCT 'article', due.id FROM (
                    SELECT r.id AS id FROM (SELECT o.* FROM old_values o JOIN new_values n ON n.id = o.id WHERE o."current_revision_id" IS DISTINCT FROM n."current_revision_id" OR o."outlet_id" IS DISTINCT FROM n."outlet_id" OR o."published_at" IS DISTINCT FROM n."published_at") r WHERE r.current_revision_id IS NOT NULL
                ) due WHERE due.id IS NOT NULL;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_due_after_update_fec78() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_corroborationdue (kind, row_id)
                SELECT DISTINCT 'statement', due.id FROM (
                    SELECT r.id AS id FROM (SELECT o.* FROM old_values o JOIN new_values n ON n.id = o.id WHERE o."withdrawn_at" IS DISTINCT FROM n."withdrawn_at" OR o."speaker_id" IS DISTINCT FROM n."speaker_id") r WHERE TRUE
                ) due WHERE due.id IS NOT NULL;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_insert_insert_0de75() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "sources_articleevent" ("byline", "created_at", "current_revision_id", "external_id", "id", "identity", "language", "outlet_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_has_time", "revised_at", "title", "uid", "url") VALUES (NEW."byline", NEW."created_at", NEW."current_revision_id", NEW."external_id", NEW."id", NEW."identity", NEW."language", NEW."outlet_id", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."published_at", NEW."published_has_time", NEW."revised_at", NEW."title", NEW."uid", NEW."url"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_insert_insert_43dca() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_attributionevent" ("claim_id", "created_at", "decided_at", "decided_by_id", "id", "method", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "score", "stance", "statement_id", "status", "sub_scores", "uid") VALUES (NEW."claim_id", NEW."created_at", NEW."decided_at", NEW."decided_by_id", NEW."id", NEW."method", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."score", NEW."stance", NEW."statement_id", NEW."status", NEW."sub_scores", NEW."uid"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_insert_insert_5f998() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_topicevent" ("id", "keywords", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "uid") VALUES (NEW."id", NEW."keywords", NEW."name", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."slug", NEW."uid"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_insert_insert_6363e() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "sources_outletevent" ("created_at", "id", "kind", "merged_into_id", "name", "owner_id", "owner_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reviewed", "slug", "uid") VALUES (NEW."created_at", NEW."id", NEW."kind", NEW."merged_into_id", NEW."name", NEW."owner_id", NEW."owner_name", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."reviewed", NEW."slug", NEW."uid"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_insert_insert_762dd() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "sources_outletdomainevent" ("domain", "id", "outlet_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."domain", NEW."id", NEW."outlet_id", _pgh_attach_context(), NOW(), 'insert', NEW."id"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_insert_insert_770e6() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_speakeraliasevent" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "speaker_id") VALUES (NEW."id", NEW."name", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."speaker_id"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_insert_insert_7cf94() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_speakerevent" ("created_at", "edited_by_id", "id", "kind", "merged_into_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "represents_id", "uid", "wikidata_id") VALUES (NEW."created_at", NEW."edited_by_id", NEW."id", NEW."kind", NEW."merged_into_id", NEW."name", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."represents_id", NEW."uid", NEW."wikidata_id"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_insert_insert_9a47c() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_noteevent" ("attribution_id", "claim_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "statement_id", "text", "uid", "withdrawn_at", "written_at", "written_by_id") VALUES (NEW."attribution_id", NEW."claim_id", NEW."id", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."statement_id", NEW."text", NEW."uid", NEW."withdrawn_at", NEW."written_at", NEW."written_by_id"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_insert_insert_b5e04() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_statementrelayevent" ("end", "hop", "id", "outlet_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "start", "statement_id") VALUES (NEW."end", NEW."hop", NEW."id", NEW."outlet_id", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."start", NEW."statement_id"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_insert_insert_c1565() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_claimlinkevent" ("claim_id", "created_at", "decided_at", "decided_by_id", "id", "kind", "method", "other_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "score", "status", "sub_scores", "uid") VALUES (NEW."claim_id", NEW."created_at", NEW."decided_at", NEW."decided_by_id", NEW."id", NEW."kind", NEW."method", NEW."other_id", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."reason", NEW."score", NEW."status", NEW."sub_scores", NEW."uid"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_insert_insert_cc1e4() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "sources_outletaliasevent" ("id", "name", "outlet_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."name", NEW."outlet_id", _pgh_attach_context(), NOW(), 'insert', NEW."id"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_insert_insert_ce81c() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_flagevent" ("answer", "attribution_id", "claim_id", "id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_at", "settled_at", "settled_by_id", "statement_id", "text", "uid") VALUES (NEW."answer", NEW."attribution_id", NEW."claim_id", NEW."id", NEW."outcome", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."raised_at", NEW."settled_at", NEW."settled_by_id", NEW."statement_id", NEW."text", NEW."uid"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_insert_insert_ddcea() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "sources_derivationevent" ("article_id", "created_at", "decided_at", "decided_by_id", "end", "id", "kind", "method", "partial", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision_id", "score", "start", "status", "uid", "upstream_article_id", "upstream_outlet_id") VALUES (NEW."article_id", NEW."created_at", NEW."decided_at", NEW."decided_by_id", NEW."end", NEW."id", NEW."kind", NEW."method", NEW."partial", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."revision_id", NEW."score", NEW."start", NEW."status", NEW."uid", NEW."upstream_article_id", NEW."upstream_outlet_id"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_insert_insert_df8fa() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_claimevent" ("created_at", "id", "language", "merged_into_id", "method", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "said_on", "speaker_id", "text", "text_by_id", "topics_by_id", "uid", "updated_at") VALUES (NEW."created_at", NEW."id", NEW."language", NEW."merged_into_id", NEW."method", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."said_on", NEW."speaker_id", NEW."text", NEW."text_by_id", NEW."topics_by_id", NEW."uid", NEW."updated_at"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_insert_insert_e3f7f() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_claimtopicevent" ("claim_id", "id", "method", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "topic_id") VALUES (NEW."claim_id", NEW."id", NEW."method", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."topic_id"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_insert_insert_ec354() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_statementevent" ("act", "confidence", "content_key", "created_at", "denies", "end", "heading", "hedged", "id", "kind", "method", "negated", "orphaned_at", "orphaned_reason", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quote", "revision_id", "said_on", "source_text", "speaker_id", "start", "uid", "withdrawn_at", "withdrawn_reason") VALUES (NEW."act", NEW."confidence", NEW."content_key", NEW."created_at", NEW."denies", NEW."end", NEW."heading", NEW."hedged", NEW."id", NEW."kind", NEW."method", NEW."negated", NEW."orphaned_at", NEW."orphaned_reason", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."quote", NEW."revision_id", NEW."said_on", NEW."source_text", NEW."speaker_id", NEW."start", NEW."uid", NEW."withdrawn_at", NEW."withdrawn_reason"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_noticed_delete_2519d() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                DECLARE wanted boolean;
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
        wanted := EXISTS (SELECT FROM notices_webhook WHERE active AND events && ARRAY['claim.corroborated', 'claim.corroboration_lost', 'claim.disputed', 'claim.dispute_ended']::varchar[]);
        IF NOT wanted AND NOT EXISTS (SELECT FROM notices_audience WHERE until > now()) THEN
            RETURN NULL;
        END IF;
     
            INSERT INTO notices_event (uid, transaction, type, row_id, at, data, waiting)
            SELECT gen_random_uuid(), pg_current_xact_id()::text::bigint, 'mark.level', found.id, now(), found.was, wanted
            FROM (SELECT claim_id AS id, jsonb_build_object('level', level) AS was FROM old_values WHERE basis = 'counted' AND level = 'corroborated') found
            ON CONFLICT DO NOTHING;
        
            INSERT INTO notices_event (uid, transaction, type, row_id, at, data, waiting)
            SELECT gen_random_uuid(), pg_current_xact_id()::text::bigint, 'mark.dispute', found.id, now(), found.was, wanted
            FROM (SELECT claim_id AS id, jsonb_build_object('disputed', TRUE) AS was FROM old_values WHERE basis = 'counted' AND disputed) found
            ON CONFLICT DO NOTHING;
         RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_noticed_insert_5675c() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                DECLARE wanted boolean;
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
        wanted := EXISTS (SELECT FROM notices_webhook WHERE active AND events && ARRAY['claim.corroborated', 'claim.corroboration_lost', 'claim.disputed', 'claim.dispute_ended']::varchar[]);
        IF NOT wanted AND NOT EXISTS (SELECT FROM notices_audience WHERE until > now()) THEN
            RETURN NULL;
        END IF;
     
            INSERT INTO notices_event (uid, transaction, type, row_id, at, data, waiting)
            SELECT gen_random_uuid(), pg_current_xact_id()::text::bigint, 'mark.level', found.id, now(), found.was, wanted
            FROM (SELECT claim_id AS id, jsonb_build_object('level', 'unreported') AS was FROM new_values WHERE basis = 'counted' AND level = 'corroborated') found
            ON CONFLICT DO NOTHING;
        
            INSERT INTO notices_event (uid, transaction, type, row_id, at, data, waiting)
            SELECT gen_random_uuid(), pg_current_xact_id()::text::bigint, 'mark.dispute', found.id, now(), found.was, wanted
            FROM (SELECT claim_id AS id, jsonb_build_object('disputed', FALSE) AS was FROM new_values WHERE basis = 'counted' AND disputed) found
            ON CONFLICT DO NOTHING;
         RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_noticed_update_35fa4() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                DECLARE wanted boolean;
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
        wanted := EXISTS (SELECT FROM notices_webhook WHERE active AND events && ARRAY['article.revised']::varchar[]);
        IF NOT wanted AND NOT EXISTS (SELECT FROM notices_audience WHERE until > now()) THEN
            RETURN NULL;
        END IF;
     
            INSERT INTO notices_event (uid, transaction, type, row_id, at, data, waiting)
            SELECT gen_random_uuid(), pg_current_xact_id()::text::bigint, 'mark.text', found.id, now(), found.was, wanted
            FROM (SELECT n.id, jsonb_build_object('revision', o.current_revision_id) AS was FROM old_values o JOIN new_values n ON n.id = o.id WHERE o.current_revision_id IS NOT NULL AND n.current_revision_id <> o.current_revision_id) found
            ON CONFLICT DO NOTHING;
         RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_noticed_update_904d0() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                DECLARE wanted boolean;
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                
        wanted := EXISTS (SELECT FROM notices_webhook WHERE active AND events && ARRAY['import.finished']::varchar[]);
        IF NOT wanted AND NOT EXISTS (SELECT FROM notices_audience WHERE until > now()) THEN
            RETURN NULL;
        END IF;
    
                INSERT INTO notices_importdue (run_id)
                SELECT DISTINCT n.id FROM old_values o JOIN new_values n ON n.id = o.id WHERE n.read_at IS DISTINCT FROM o.read_at AND n.read_at IS NOT NULL;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_noticed_update_c059d() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                DECLARE wanted boolean;
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
        wanted := EXISTS (SELECT FROM notices_webhook WHERE active AND events && ARRAY['claim.corroborated', 'claim.corroboration_lost', 'claim.disputed', 'claim.dispute_ended']::varchar[]);
        IF NOT wanted AND NOT EXISTS (SELECT FROM notices_audience WHERE until > now()) THEN
            RETURN NULL;
        END IF;
     
            INSERT INTO notices_event (uid, transaction, type, row_id, at, data, waiting)
            SELECT gen_random_uuid(), pg_current_xact_id()::text::bigint, 'mark.level', found.id, now(), found.was, wanted
            FROM (SELECT n.claim_id AS id, jsonb_build_object('level', o.level) AS was FROM old_values o JOIN new_values n ON n.id = o.id WHERE n.basis = 'counted' AND (o.level = 'corroborated') <> (n.level = 'corroborated')) found
            ON CONFLICT DO NOTHING;
        
            INSERT INTO notices_event (uid, transaction, type, row_id, at, data, waiting)
            SELECT gen_random_uuid(), pg_current_xact_id()::text::bigint, 'mark.dispute', found.id, now(), found.was, wanted
            FROM (SELECT n.claim_id AS id, jsonb_build_object('disputed', o.disputed) AS was FROM old_values o JOIN new_values n ON n.id = o.id WHERE n.basis = 'counted' AND o.disputed <> n.disputed) found
            ON CONFLICT DO NOTHING;
         RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_noticed_update_c6ec9() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                DECLARE wanted boolean;
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                
        wanted := EXISTS (SELECT FROM notices_webhook WHERE active AND events && ARRAY['import.finished']::varchar[]);
        IF NOT wanted AND NOT EXISTS (SELECT FROM notices_audience WHERE until > now()) THEN
            RETURN NULL;
        END IF;
    
                INSERT INTO notices_importdue (run_id)
                SELECT DISTINCT n.run_id FROM old_values o JOIN new_values n ON n.id = o.id WHERE o.state = 'pending' AND n.state <> 'pending';
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_outlets_noted_delete_029f7() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'outlets', noted.uid FROM (
                    SELECT (SELECT t.uid FROM sources_outlet t WHERE t.id = r.outlet_id) AS uid FROM old_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_outlets_noted_delete_24b51() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'outlets', noted.uid FROM (
                    SELECT r.uid AS uid FROM old_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_outlets_noted_delete_bb0a7() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'outlets', noted.uid FROM (
                    SELECT (SELECT t.uid FROM sources_outlet t WHERE t.id = r.outlet_id) AS uid FROM old_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_outlets_noted_insert_06508() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'outlets', noted.uid FROM (
                    SELECT r.uid AS uid FROM new_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_outlets_noted_insert_b2085() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'outlets', noted.uid FROM (
                    SELECT (SELECT t.uid FROM sources_outlet t WHERE t.id = r.outlet_id) AS uid FROM new_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_outlets_noted_insert_bf973() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'outlets', noted.uid FROM (
                    SELECT (SELECT t.uid FROM sources_outlet t WHERE t.id = r.outlet_id) AS uid FROM new_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_outlets_noted_update_07422() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'outlets', noted.uid FROM (
                    SELECT r.uid AS uid FROM old_values r WHERE TRUE UNION SELECT r.uid AS uid FROM new_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_outlets_noted_update_44293() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'outlets', noted.uid FROM (
                    SELECT (SELECT t.uid FROM sources_outlet t WHERE t.id = r.outlet_id) AS uid FROM old_values r WHERE TRUE UNION SELECT (SELECT t.uid FROM sources_outlet t WHERE t.id = r.outlet_id) AS uid FROM new_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_outlets_noted_update_9f9d9() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'outlets', noted.uid FROM (
                    SELECT (SELECT t.uid FROM sources_outlet t WHERE t.id = r.outlet_id) AS uid FROM old_values r WHERE TRUE UNION SELECT (SELECT t.uid FROM sources_outlet t WHERE t.id = r.outlet_id) AS uid FROM new_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_read_insert_099f5() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
        DELETE FROM claims_readingdue due USING (SELECT * FROM new_values) reading
        WHERE due.revision_id = reading.revision_id
        AND reading.state <> 'started' AND reading.version = coalesce((SELECT version FROM claims_extractorversion ORDER BY id DESC LIMIT 1), reading.version);
        UPDATE claims_readingdue due SET again = TRUE FROM (SELECT * FROM new_values) reading
        WHERE due.revision_id = reading.revision_id AND NOT due.again AND reading.state <> 'started';
        INSERT INTO claims_readingdue (revision_id, again, begun)
        SELECT reading.revision_id, EXISTS (
            SELECT FROM claims_extraction WHERE revision_id = reading.revision_id AND state <> 'started'
        ), TRUE
        FROM (SELECT * FROM new_values) reading JOIN sources_article article ON article.current_revision_id = reading.revision_id
        WHERE reading.state = 'started'
        ON CONFLICT (revision_id) DO UPDATE SET begun = TRUE WHERE NOT claims_readingdue.begun;
     RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_read_update_e020b() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
        DELETE FROM claims_readingdue due USING (SELECT n.* FROM old_values o JOIN new_values n ON n.id = o.id WHERE (n.state, n.version) IS DISTINCT FROM (o.state, o.version)) reading
        WHERE due.revision_id = reading.revision_id
        AND reading.state <> 'started' AND reading.version = coalesce((SELECT version FROM claims_extractorversion ORDER BY id DESC LIMIT 1), reading.version);
        UPDATE claims_readingdue due SET again = TRUE FROM (SELECT n.* FROM old_values o JOIN new_values n ON n.id = o.id WHERE (n.state, n.version) IS DISTINCT FROM (o.state, o.version)) reading
        WHERE due.revision_id = reading.revision_id AND NOT due.again AND reading.state <> 'started';
        INSERT INTO claims_readingdue (revision_id, again, begun)
        SELECT reading.revision_id, EXISTS (
            SELECT FROM claims_extraction WHERE revision_id = reading.revision_id AND state <> 'started'
        ), TRUE
        FROM (SELECT n.* FROM old_values o JOIN new_values n ON n.id = o.id WHERE (n.state, n.version) IS DISTINCT FROM (o.state, o.version)) reading JOIN sources_article article ON article.current_revision_id = reading.revision_id
        WHERE reading.state = 'started'
        ON CONFLICT (revision_id) DO UPDATE SET begun = TRUE WHERE NOT claims_readingdue.begun;
     RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_revision_frozen_a32c9() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_snapshot_frozen_d5592() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_speakers_noted_delete_18d53() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'speakers', noted.uid FROM (
                    SELECT r.uid AS uid FROM old_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_speakers_noted_delete_2db02() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'speakers', noted.uid FROM (
                    SELECT (SELECT t.uid FROM claims_speaker t WHERE t.id = r.speaker_id) AS uid FROM old_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_speakers_noted_insert_b8267() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'speakers', noted.uid FROM (
                    SELECT (SELECT t.uid FROM claims_speaker t WHERE t.id = r.speaker_id) AS uid FROM new_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_speakers_noted_insert_fa1ad() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'speakers', noted.uid FROM (
                    SELECT r.uid AS uid FROM new_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_speakers_noted_update_7fcd8() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'speakers', noted.uid FROM (
                    SELECT r.uid AS uid FROM old_values r WHERE TRUE UNION SELECT r.uid AS uid FROM new_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_speakers_noted_update_cc942() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'speakers', noted.uid FROM (
                    SELECT (SELECT t.uid FROM claims_speaker t WHERE t.id = r.speaker_id) AS uid FROM old_values r WHERE TRUE UNION SELECT (SELECT t.uid FROM claims_speaker t WHERE t.id = r.speaker_id) AS uid FROM new_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_statement_inside_text_a1934() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                DECLARE revision_length integer;
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
            SELECT length INTO revision_length FROM sources_revision WHERE id = NEW.revision_id;
            IF NEW."end" > revision_length THEN
                RAISE EXCEPTION 'span %-% ends beyond the text (% characters)',
                    NEW.start, NEW."end", revision_length USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        
                END;
            $$;

CREATE FUNCTION public.pgtrigger_statement_piece_inside_text_ad0cc() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                DECLARE revision_length integer;
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
            SELECT length INTO revision_length FROM sources_revision WHERE id = (SELECT revision_id FROM claims_statement WHERE id = NEW.statement_id);
            IF NEW."end" > revision_length THEN
                RAISE EXCEPTION 'span %-% ends beyond the text (% characters)',
                    NEW.start, NEW."end", revision_length USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        
                END;
            $$;

CREATE FUNCTION public.pgtrigger_statement_relay_inside_text_0a0c2() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                DECLARE revision_length integer;
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
            SELECT length INTO revision_length FROM sources_revision WHERE id = (SELECT revision_id FROM claims_statement WHERE id = NEW.statement_id);
            IF NEW."end" > revision_length THEN
                RAISE EXCEPTION 'span %-% ends beyond the text (% characters)',
                    NEW.start, NEW."end", revision_length USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        
                END;
            $$;

CREATE FUNCTION public.pgtrigger_statements_noted_delete_36491() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'statements', noted.uid FROM (
                    SELECT (SELECT t.uid FROM claims_statement t WHERE t.id = r.statement_id) AS uid FROM old_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_statements_noted_delete_8bba9() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'statements', noted.uid FROM (
                    SELECT (SELECT t.uid FROM claims_statement t WHERE t.id = r.statement_id) AS uid FROM old_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_statements_noted_delete_f38c0() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'statements', noted.uid FROM (
                    SELECT r.uid AS uid FROM old_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_statements_noted_insert_6c002() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'statements', noted.uid FROM (
                    SELECT (SELECT t.uid FROM claims_statement t WHERE t.id = r.statement_id) AS uid FROM new_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_statements_noted_insert_7e245() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'statements', noted.uid FROM (
                    SELECT r.uid AS uid FROM new_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_statements_noted_insert_d4344() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'statements', noted.uid FROM (
                    SELECT (SELECT t.uid FROM claims_statement t WHERE t.id = r.statement_id) AS uid FROM new_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_statements_noted_update_27f07() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'statements', noted.uid FROM (
                    SELECT r.uid AS uid FROM old_values r WHERE TRUE UNION SELECT r.uid AS uid FROM new_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_statements_noted_update_50fdb() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'statements', noted.uid FROM (
                    SELECT (SELECT t.uid FROM claims_statement t WHERE t.id = r.statement_id) AS uid FROM old_values r WHERE TRUE UNION SELECT (SELECT t.uid FROM claims_statement t WHERE t.id = r.statement_id) AS uid FROM new_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_statements_noted_update_b1cee() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'statements', noted.uid FROM (
                    SELECT (SELECT t.uid FROM claims_statement t WHERE t.id = r.statement_id) AS uid FROM old_values r WHERE TRUE UNION SELECT (SELECT t.uid FROM claims_statement t WHERE t.id = r.statement_id) AS uid FROM new_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_tally_delete_8660c() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_facetchange (basis, facet, change)
                SELECT basis, facet, sum(step) FROM (SELECT basis, unnest(facets) AS facet, -1 AS step FROM old_values) step
                GROUP BY basis, facet HAVING sum(step) <> 0;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_tally_insert_7c2e4() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_facetchange (basis, facet, change)
                SELECT basis, facet, sum(step) FROM (SELECT basis, unnest(facets) AS facet, 1 AS step FROM new_values) step
                GROUP BY basis, facet HAVING sum(step) <> 0;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_tally_update_028aa() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_facetchange (basis, facet, change)
                SELECT basis, facet, sum(step) FROM (SELECT basis, unnest(facets) AS facet, 1 AS step FROM new_values UNION ALL SELECT basis, unnest(facets) AS facet, -1 AS step FROM old_values) step
                GROUP BY basis, facet HAVING sum(step) <> 0;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_to_be_read_insert_3e8cb() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
        INSERT INTO claims_readingdue (revision_id, again)
        SELECT text.id, EXISTS (SELECT FROM claims_extraction WHERE revision_id = text.id AND state <> 'started')
        FROM (SELECT current_revision_id AS id FROM new_values) text
        WHERE text.id IS NOT NULL AND NOT EXISTS (
            SELECT FROM claims_extraction
            WHERE revision_id = text.id AND state <> 'started' AND version = coalesce((SELECT version FROM claims_extractorversion ORDER BY id DESC LIMIT 1), version)
        )
        ON CONFLICT (revision_id) DO NOTHING;
     RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_to_be_read_update_99f4b() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
        INSERT INTO claims_readingdue (revision_id, again)
        SELECT text.id, EXISTS (SELECT FROM claims_extraction WHERE revision_id = text.id AND state <> 'started')
        FROM (SELECT n.current_revision_id AS id FROM old_values o JOIN new_values n ON n.id = o.id WHERE n.current_revision_id IS DISTINCT FROM o.current_revision_id) text
        WHERE text.id IS NOT NULL AND NOT EXISTS (
            SELECT FROM claims_extraction
            WHERE revision_id = text.id AND state <> 'started' AND version = coalesce((SELECT version FROM claims_extractorversion ORDER BY id DESC LIMIT 1), version)
        )
        ON CONFLICT (revision_id) DO NOTHING;
     RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_topics_noted_delete_73a0c() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'topics', noted.uid FROM (
                    SELECT r.uid AS uid FROM old_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_topics_noted_insert_555cf() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'topics', noted.uid FROM (
                    SELECT r.uid AS uid FROM new_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_topics_noted_update_4375b() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                INSERT INTO claims_change (transaction, resource, uid)
                SELECT DISTINCT pg_current_xact_id()::text::bigint, 'topics', noted.uid FROM (
                    SELECT r.uid AS uid FROM old_values r WHERE TRUE UNION SELECT r.uid AS uid FROM new_values r WHERE TRUE
                ) noted WHERE noted.uid IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            
                END;
            $$;

CREATE FUNCTION public.pgtrigger_update_update_010ac() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_topicevent" ("id", "keywords", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "uid") VALUES (NEW."id", NEW."keywords", NEW."name", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."slug", NEW."uid"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_update_update_0aa7f() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_statementrelayevent" ("end", "hop", "id", "outlet_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "start", "statement_id") VALUES (NEW."end", NEW."hop", NEW."id", NEW."outlet_id", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."start", NEW."statement_id"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_update_update_168af() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "sources_articleevent" ("byline", "created_at", "current_revision_id", "external_id", "id", "identity", "language", "outlet_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_has_time", "revised_at", "title", "uid", "url") VALUES (NEW."byline", NEW."created_at", NEW."current_revision_id", NEW."external_id", NEW."id", NEW."identity", NEW."language", NEW."outlet_id", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."published_at", NEW."published_has_time", NEW."revised_at", NEW."title", NEW."uid", NEW."url"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_update_update_1826b() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_claimlinkevent" ("claim_id", "created_at", "decided_at", "decided_by_id", "id", "kind", "method", "other_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "score", "status", "sub_scores", "uid") VALUES (NEW."claim_id", NEW."created_at", NEW."decided_at", NEW."decided_by_id", NEW."id", NEW."kind", NEW."method", NEW."other_id", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."reason", NEW."score", NEW."status", NEW."sub_scores", NEW."uid"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_update_update_2d719() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_flagevent" ("answer", "attribution_id", "claim_id", "id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_at", "settled_at", "settled_by_id", "statement_id", "text", "uid") VALUES (NEW."answer", NEW."attribution_id", NEW."claim_id", NEW."id", NEW."outcome", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."raised_at", NEW."settled_at", NEW."settled_by_id", NEW."statement_id", NEW."text", NEW."uid"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_update_update_3248a() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_noteevent" ("attribution_id", "claim_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "statement_id", "text", "uid", "withdrawn_at", "written_at", "written_by_id") VALUES (NEW."attribution_id", NEW."claim_id", NEW."id", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."statement_id", NEW."text", NEW."uid", NEW."withdrawn_at", NEW."written_at", NEW."written_by_id"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_update_update_37070() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_attributionevent" ("claim_id", "created_at", "decided_at", "decided_by_id", "id", "method", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "score", "stance", "statement_id", "status", "sub_scores", "uid") VALUES (NEW."claim_id", NEW."created_at", NEW."decided_at", NEW."decided_by_id", NEW."id", NEW."method", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."score", NEW."stance", NEW."statement_id", NEW."status", NEW."sub_scores", NEW."uid"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_update_update_6f20c() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "sources_outletevent" ("created_at", "id", "kind", "merged_into_id", "name", "owner_id", "owner_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reviewed", "slug", "uid") VALUES (NEW."created_at", NEW."id", NEW."kind", NEW."merged_into_id", NEW."name", NEW."owner_id", NEW."owner_name", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."reviewed", NEW."slug", NEW."uid"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_update_update_734f9() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "sources_derivationevent" ("article_id", "created_at", "decided_at", "decided_by_id", "end", "id", "kind", "method", "partial", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision_id", "score", "start", "status", "uid", "upstream_article_id", "upstream_outlet_id") VALUES (NEW."article_id", NEW."created_at", NEW."decided_at", NEW."decided_by_id", NEW."end", NEW."id", NEW."kind", NEW."method", NEW."partial", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."revision_id", NEW."score", NEW."start", NEW."status", NEW."uid", NEW."upstream_article_id", NEW."upstream_outlet_id"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_update_update_7e5f9() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_speakeraliasevent" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "speaker_id") VALUES (NEW."id", NEW."name", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."speaker_id"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_update_update_ad07b() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "sources_outletdomainevent" ("domain", "id", "outlet_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."domain", NEW."id", NEW."outlet_id", _pgh_attach_context(), NOW(), 'update', NEW."id"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_update_update_c0be1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "sources_outletaliasevent" ("id", "name", "outlet_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."name", NEW."outlet_id", _pgh_attach_context(), NOW(), 'update', NEW."id"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_update_update_d9d7a() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_speakerevent" ("created_at", "edited_by_id", "id", "kind", "merged_into_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "represents_id", "uid", "wikidata_id") VALUES (NEW."created_at", NEW."edited_by_id", NEW."id", NEW."kind", NEW."merged_into_id", NEW."name", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."represents_id", NEW."uid", NEW."wikidata_id"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_update_update_e96f8() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_claimtopicevent" ("claim_id", "id", "method", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "topic_id") VALUES (NEW."claim_id", NEW."id", NEW."method", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."topic_id"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_update_update_eabae() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_statementevent" ("act", "confidence", "content_key", "created_at", "denies", "end", "heading", "hedged", "id", "kind", "method", "negated", "orphaned_at", "orphaned_reason", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quote", "revision_id", "said_on", "source_text", "speaker_id", "start", "uid", "withdrawn_at", "withdrawn_reason") VALUES (NEW."act", NEW."confidence", NEW."content_key", NEW."created_at", NEW."denies", NEW."end", NEW."heading", NEW."hedged", NEW."id", NEW."kind", NEW."method", NEW."negated", NEW."orphaned_at", NEW."orphaned_reason", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."quote", NEW."revision_id", NEW."said_on", NEW."source_text", NEW."speaker_id", NEW."start", NEW."uid", NEW."withdrawn_at", NEW."withdrawn_reason"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.pgtrigger_update_update_fe4ba() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "claims_claimevent" ("created_at", "id", "language", "merged_into_id", "method", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "said_on", "speaker_id", "text", "text_by_id", "topics_by_id", "uid", "updated_at") VALUES (NEW."created_at", NEW."id", NEW."language", NEW."merged_into_id", NEW."method", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."said_on", NEW."speaker_id", NEW."text", NEW."text_by_id", NEW."topics_by_id", NEW."uid", NEW."updated_at"); RETURN NULL;
                END;
            $$;

CREATE FUNCTION public.sources_sharing_fingerprints(asked integer[], asked_quoted integer[]) RETURNS TABLE(article_id bigint, shared integer[], shared_in_quotations integer)
    LANGUAGE sql STABLE ROWS 10
    SET enable_seqscan TO 'off'
    SET enable_indexscan TO 'off'
    AS $$
    SELECT f.article_id, f.hashes & asked, icount(f.quoted & asked_quoted)
    FROM sources_fingerprint f WHERE f.hashes && asked
$$;


CREATE TABLE public.account_emailaddress (
    id integer NOT NULL,
    email character varying(254) NOT NULL,
    verified boolean NOT NULL,
    "primary" boolean NOT NULL,
    user_id integer NOT NULL
);

ALTER TABLE public.account_emailaddress ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailaddress_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.account_emailconfirmation (
    id integer NOT NULL,
    created timestamp with time zone NOT NULL,
    sent timestamp with time zone,
    key character varying(64) NOT NULL,
    email_address_id integer NOT NULL
);

ALTER TABLE public.account_emailconfirmation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailconfirmation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_invitation (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    email character varying(254) NOT NULL,
    role character varying(20) NOT NULL,
    invited_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    accepted_at timestamp with time zone,
    revoked_at timestamp with time zone,
    account_id integer,
    invited_by_id integer,
    revoked_by_id integer,
    CONSTRAINT invitation_accepted_or_revoked_not_both CHECK (((accepted_at IS NULL) OR (revoked_at IS NULL))),
    CONSTRAINT invitation_account_is_of_acceptance CHECK (((account_id IS NULL) OR (accepted_at IS NOT NULL))),
    CONSTRAINT invitation_expires_after_it_begins CHECK ((expires_at > invited_at))
);

ALTER TABLE public.accounts_invitation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_invitation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_token (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    name character varying(100) NOT NULL,
    scopes character varying(20)[] NOT NULL,
    prefix character varying(16) NOT NULL,
    digest character varying(64) NOT NULL,
    made_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    revoked_by_id integer,
    user_id integer NOT NULL,
    CONSTRAINT token_expires_after_it_is_made CHECK ((expires_at > made_at)),
    CONSTRAINT token_has_a_scope CHECK ((
CASE
    WHEN (scopes IS NULL) THEN NULL::integer
    ELSE COALESCE(array_length(scopes, 1), 0)
END > 0)),
    CONSTRAINT token_revoked_by_is_of_revocation CHECK (((revoked_by_id IS NULL) OR (revoked_at IS NOT NULL)))
);

ALTER TABLE public.accounts_token ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_token_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);

ALTER TABLE public.auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);

ALTER TABLE public.auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);

ALTER TABLE public.auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.auth_user (
    id integer NOT NULL,
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    is_superuser boolean NOT NULL,
    username character varying(150) NOT NULL,
    first_name character varying(150) NOT NULL,
    last_name character varying(150) NOT NULL,
    email character varying(254) NOT NULL,
    is_staff boolean NOT NULL,
    is_active boolean NOT NULL,
    date_joined timestamp with time zone NOT NULL
);

CREATE TABLE public.auth_user_groups (
    id bigint NOT NULL,
    user_id integer NOT NULL,
    group_id integer NOT NULL
);

ALTER TABLE public.auth_user_groups ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_user_groups_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.auth_user ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_user_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.auth_user_user_permissions (
    id bigint NOT NULL,
    user_id integer NOT NULL,
    permission_id integer NOT NULL
);

ALTER TABLE public.auth_user_user_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_user_user_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_annotation (
    id bigint NOT NULL,
    verdict character varying(7) NOT NULL,
    annotated_at timestamp with time zone NOT NULL,
    editor_id integer NOT NULL,
    item_id bigint NOT NULL
);

ALTER TABLE public.claims_annotation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_annotation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_attribution (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    stance character varying(7) NOT NULL,
    status character varying(9) NOT NULL,
    score double precision NOT NULL,
    sub_scores jsonb NOT NULL,
    method character varying(100) NOT NULL,
    decided_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    decided_by_id integer,
    claim_id bigint NOT NULL,
    statement_id bigint NOT NULL,
    CONSTRAINT attribution_decision_signed CHECK ((((status)::text = 'proposed'::text) OR ((decided_at IS NOT NULL) AND (decided_by_id IS NOT NULL)))),
    CONSTRAINT attribution_score_range CHECK (((score >= (0.0)::double precision) AND (score <= (1.0)::double precision)))
);

ALTER TABLE public.claims_attribution ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_attribution_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_attributionevent (
    pgh_id bigint NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    uid uuid NOT NULL,
    stance character varying(7) NOT NULL,
    status character varying(9) NOT NULL,
    score double precision NOT NULL,
    sub_scores jsonb NOT NULL,
    method character varying(100) NOT NULL,
    decided_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    decided_by_id integer,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL,
    claim_id bigint NOT NULL,
    statement_id bigint NOT NULL
);

ALTER TABLE public.claims_attributionevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_attributionevent_pgh_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_change (
    transaction bigint NOT NULL,
    resource character varying(12) NOT NULL,
    uid uuid NOT NULL
);

CREATE TABLE public.claims_claim (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    text text NOT NULL,
    language character varying(12) NOT NULL,
    said_on date,
    method character varying(100) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    merged_into_id bigint,
    text_by_id integer,
    speaker_id bigint,
    topics_by_id integer,
    CONSTRAINT claim_has_text CHECK ((NOT (text = ''::text))),
    CONSTRAINT claim_not_merged_into_itself CHECK ((NOT ((merged_into_id = id) AND (merged_into_id IS NOT NULL))))
);

ALTER TABLE public.claims_claim ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_claim_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_claimconflict (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    reason character varying(8) NOT NULL,
    detail character varying(300) NOT NULL,
    found_at timestamp with time zone NOT NULL,
    settled_at timestamp with time zone,
    claim_id bigint NOT NULL,
    other_id bigint NOT NULL,
    settled_by_id integer,
    statement_id bigint NOT NULL,
    CONSTRAINT claim_conflict_settling_signed CHECK ((((settled_at IS NULL) AND (settled_by_id IS NULL)) OR ((settled_at IS NOT NULL) AND (settled_by_id IS NOT NULL)))),
    CONSTRAINT claim_conflict_smaller_first CHECK ((statement_id < other_id))
);

ALTER TABLE public.claims_claimconflict ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_claimconflict_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_claimevent (
    pgh_id bigint NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    uid uuid NOT NULL,
    text text NOT NULL,
    language character varying(12) NOT NULL,
    said_on date,
    method character varying(100) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    merged_into_id bigint,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL,
    text_by_id integer,
    speaker_id bigint,
    topics_by_id integer
);

ALTER TABLE public.claims_claimevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_claimevent_pgh_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_claimlink (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    kind character varying(11) NOT NULL,
    reason text NOT NULL,
    score double precision NOT NULL,
    sub_scores jsonb NOT NULL,
    method character varying(100) NOT NULL,
    status character varying(9) NOT NULL,
    decided_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    claim_id bigint NOT NULL,
    decided_by_id integer,
    other_id bigint NOT NULL,
    CONSTRAINT claim_link_decision_signed CHECK ((((status)::text = 'proposed'::text) OR ((decided_at IS NOT NULL) AND (decided_by_id IS NOT NULL)))),
    CONSTRAINT claim_link_score_range CHECK (((score >= (0.0)::double precision) AND (score <= (1.0)::double precision))),
    CONSTRAINT claim_link_smaller_first CHECK ((claim_id < other_id))
);

ALTER TABLE public.claims_claimlink ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_claimlink_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_claimlinkevent (
    pgh_id bigint NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    uid uuid NOT NULL,
    kind character varying(11) NOT NULL,
    reason text NOT NULL,
    score double precision NOT NULL,
    sub_scores jsonb NOT NULL,
    method character varying(100) NOT NULL,
    status character varying(9) NOT NULL,
    decided_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    claim_id bigint NOT NULL,
    decided_by_id integer,
    other_id bigint NOT NULL,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL
);

ALTER TABLE public.claims_claimlinkevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_claimlinkevent_pgh_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_claimmerge (
    id bigint NOT NULL,
    attributions bigint[] NOT NULL,
    topics bigint[] NOT NULL,
    redirected bigint[] NOT NULL,
    links jsonb NOT NULL,
    doubles jsonb NOT NULL,
    sentence jsonb NOT NULL,
    merged_at timestamp with time zone NOT NULL,
    undone_at timestamp with time zone,
    claim_id bigint NOT NULL,
    into_id bigint NOT NULL,
    merged_by_id integer NOT NULL,
    undone_by_id integer,
    dropped_topics jsonb DEFAULT '[]'::jsonb NOT NULL,
    CONSTRAINT claim_merge_undoing_signed CHECK ((((undone_at IS NULL) AND (undone_by_id IS NULL)) OR ((undone_at IS NOT NULL) AND (undone_by_id IS NOT NULL))))
);

ALTER TABLE public.claims_claimmerge ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_claimmerge_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_claimtopic (
    id bigint NOT NULL,
    method character varying(100) NOT NULL,
    claim_id bigint NOT NULL,
    topic_id bigint NOT NULL
);

ALTER TABLE public.claims_claimtopic ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_claimtopic_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_claimtopicevent (
    pgh_id bigint NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    method character varying(100) NOT NULL,
    claim_id bigint NOT NULL,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL,
    topic_id bigint NOT NULL
);

ALTER TABLE public.claims_claimtopicevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_claimtopicevent_pgh_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_comparisondue (
    revision_id bigint NOT NULL,
    attempts smallint NOT NULL,
    renewed boolean DEFAULT false NOT NULL,
    CONSTRAINT claims_comparisondue_attempts_check CHECK ((attempts >= 0))
);

CREATE TABLE public.claims_corroboration (
    id bigint NOT NULL,
    basis character varying(9) NOT NULL,
    level character varying(12) NOT NULL,
    disputed boolean NOT NULL,
    report_count integer NOT NULL,
    outlet_count integer NOT NULL,
    origin_count integer NOT NULL,
    exact boolean NOT NULL,
    origin_lower_bound integer NOT NULL,
    first_published_at timestamp with time zone,
    last_published_at timestamp with time zone,
    computed_at timestamp with time zone NOT NULL,
    claim_id bigint NOT NULL,
    first_outlet_id bigint,
    report_days date[] NOT NULL,
    CONSTRAINT claims_corroboration_origin_count_check CHECK ((origin_count >= 0)),
    CONSTRAINT claims_corroboration_origin_lower_bound_check CHECK ((origin_lower_bound >= 0)),
    CONSTRAINT claims_corroboration_outlet_count_check CHECK ((outlet_count >= 0)),
    CONSTRAINT claims_corroboration_report_count_check CHECK ((report_count >= 0)),
    CONSTRAINT corroboration_bounds_ordered CHECK ((origin_lower_bound <= origin_count))
);

ALTER TABLE public.claims_corroboration ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_corroboration_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_corroboration_origins (
    id bigint NOT NULL,
    corroboration_id bigint NOT NULL,
    outlet_id bigint NOT NULL
);

ALTER TABLE public.claims_corroboration_origins ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_corroboration_origins_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_corroboration_outlets (
    id bigint NOT NULL,
    corroboration_id bigint NOT NULL,
    outlet_id bigint NOT NULL
);

ALTER TABLE public.claims_corroboration_outlets ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_corroboration_outlets_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_corroborationdue (
    id bigint NOT NULL,
    kind character varying(9) NOT NULL,
    row_id bigint NOT NULL,
    marked_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    settles_after bigint
);

ALTER TABLE public.claims_corroborationdue ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_corroborationdue_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_coverage (
    id bigint NOT NULL,
    affirming integer NOT NULL,
    denying integer NOT NULL,
    published_at timestamp with time zone,
    has_time boolean NOT NULL,
    origins bigint[] NOT NULL,
    is_first boolean NOT NULL,
    explains boolean NOT NULL,
    worded character varying(13) NOT NULL,
    attribution_id bigint,
    claim_id bigint NOT NULL,
    outlet_id bigint NOT NULL,
    alarms boolean DEFAULT false NOT NULL,
    differs boolean DEFAULT false NOT NULL,
    CONSTRAINT claims_coverage_affirming_check CHECK ((affirming >= 0)),
    CONSTRAINT claims_coverage_denying_check CHECK ((denying >= 0))
);

ALTER TABLE public.claims_coverage ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_coverage_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_decision (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    kind character varying(7) NOT NULL,
    changes jsonb NOT NULL,
    founded bigint[] NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    undone_at timestamp with time zone,
    claim_id bigint NOT NULL,
    decided_by_id integer NOT NULL,
    to_id bigint,
    undone_by_id integer,
    CONSTRAINT decision_undoing_signed CHECK ((((undone_at IS NULL) AND (undone_by_id IS NULL)) OR ((undone_at IS NOT NULL) AND (undone_by_id IS NOT NULL))))
);

ALTER TABLE public.claims_decision ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_decision_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_deskaction (
    id bigint NOT NULL,
    token uuid NOT NULL,
    kind character varying(8) NOT NULL,
    decided jsonb NOT NULL,
    count smallint NOT NULL,
    done_at timestamp with time zone NOT NULL,
    undone_at timestamp with time zone,
    editor_id integer NOT NULL,
    CONSTRAINT claims_deskaction_count_check CHECK ((count >= 0))
);

ALTER TABLE public.claims_deskaction ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_deskaction_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_extraction (
    id bigint NOT NULL,
    version character varying(100) NOT NULL,
    state character varying(9) NOT NULL,
    attempts smallint NOT NULL,
    match_attempts smallint NOT NULL,
    reason text NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    revision_id bigint NOT NULL,
    CONSTRAINT claims_extraction_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT claims_extraction_match_attempts_check CHECK ((match_attempts >= 0)),
    CONSTRAINT extraction_says_why CHECK (((NOT ((state)::text = 'failed'::text)) OR (NOT (reason = ''::text))))
);

ALTER TABLE public.claims_extraction ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_extraction_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_extractorversion (
    id bigint NOT NULL,
    version character varying(100) NOT NULL,
    registered_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    all_marked boolean NOT NULL
);

ALTER TABLE public.claims_extractorversion ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_extractorversion_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_facetchange (
    id bigint NOT NULL,
    basis character varying(9) NOT NULL,
    facet text NOT NULL,
    change bigint NOT NULL
);

ALTER TABLE public.claims_facetchange ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_facetchange_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_facetcount (
    id bigint NOT NULL,
    basis character varying(9) NOT NULL,
    facet text NOT NULL,
    kind text NOT NULL,
    claims bigint NOT NULL
);

ALTER TABLE public.claims_facetcount ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_facetcount_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_flag (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    text text NOT NULL,
    raised_at timestamp with time zone NOT NULL,
    outcome character varying(9) NOT NULL,
    answer text NOT NULL,
    settled_at timestamp with time zone,
    attribution_id bigint,
    claim_id bigint,
    settled_by_id integer,
    statement_id bigint,
    CONSTRAINT flag_about_one_thing CHECK ((((attribution_id IS NULL) AND (claim_id IS NOT NULL) AND (statement_id IS NULL)) OR ((attribution_id IS NULL) AND (claim_id IS NULL) AND (statement_id IS NOT NULL)) OR ((attribution_id IS NOT NULL) AND (claim_id IS NULL) AND (statement_id IS NULL)))),
    CONSTRAINT flag_has_text CHECK ((NOT (text = ''::text))),
    CONSTRAINT flag_settled_with_answer CHECK ((((answer = ''::text) AND ((outcome)::text = ''::text) AND (settled_at IS NULL) AND (settled_by_id IS NULL)) OR ((settled_at IS NOT NULL) AND (settled_by_id IS NOT NULL) AND (NOT ((outcome)::text = ''::text)) AND (NOT (answer = ''::text)))))
);

ALTER TABLE public.claims_flag ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_flag_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_flagevent (
    pgh_id bigint NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    uid uuid NOT NULL,
    text text NOT NULL,
    raised_at timestamp with time zone NOT NULL,
    outcome character varying(9) NOT NULL,
    answer text NOT NULL,
    settled_at timestamp with time zone,
    attribution_id bigint,
    claim_id bigint,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL,
    settled_by_id integer,
    statement_id bigint
);

ALTER TABLE public.claims_flagevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_flagevent_pgh_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_idempotentanswer (
    id bigint NOT NULL,
    owner character varying(50) NOT NULL,
    key character varying(255) NOT NULL,
    fingerprint character varying(64) NOT NULL,
    status smallint NOT NULL,
    headers jsonb NOT NULL,
    version character varying(200) NOT NULL,
    body text,
    stored_at timestamp with time zone NOT NULL,
    CONSTRAINT claims_idempotentanswer_status_check CHECK ((status >= 0))
);

ALTER TABLE public.claims_idempotentanswer ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_idempotentanswer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_listedword (
    id bigint NOT NULL,
    word character varying(40) NOT NULL,
    stem character varying(40) NOT NULL
);

ALTER TABLE public.claims_listedword ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_listedword_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_listing (
    id bigint NOT NULL,
    basis character varying(9) NOT NULL,
    origin_count integer NOT NULL,
    outlet_count integer NOT NULL,
    published_at timestamp with time zone NOT NULL,
    said_on date,
    facets text[] NOT NULL,
    search tsvector NOT NULL,
    claim_id bigint NOT NULL,
    CONSTRAINT claims_listing_origin_count_check CHECK ((origin_count >= 0)),
    CONSTRAINT claims_listing_outlet_count_check CHECK ((outlet_count >= 0))
);

ALTER TABLE public.claims_listing ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_listing_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_note (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    text text NOT NULL,
    written_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    attribution_id bigint,
    claim_id bigint,
    statement_id bigint,
    written_by_id integer NOT NULL,
    CONSTRAINT note_about_one_thing CHECK ((((attribution_id IS NULL) AND (claim_id IS NOT NULL) AND (statement_id IS NULL)) OR ((attribution_id IS NULL) AND (claim_id IS NULL) AND (statement_id IS NOT NULL)) OR ((attribution_id IS NOT NULL) AND (claim_id IS NULL) AND (statement_id IS NULL)))),
    CONSTRAINT note_has_text CHECK ((NOT (text = ''::text)))
);

ALTER TABLE public.claims_note ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_note_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_noteevent (
    pgh_id bigint NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    uid uuid NOT NULL,
    text text NOT NULL,
    written_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    attribution_id bigint,
    claim_id bigint,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL,
    statement_id bigint,
    written_by_id integer NOT NULL
);

ALTER TABLE public.claims_noteevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_noteevent_pgh_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_outletpair (
    id bigint NOT NULL,
    shared integer NOT NULL,
    independent integer NOT NULL,
    folded boolean NOT NULL,
    other_id bigint NOT NULL,
    outlet_id bigint NOT NULL,
    CONSTRAINT outlet_pair_smaller_first CHECK ((outlet_id < other_id))
);

ALTER TABLE public.claims_outletpair ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_outletpair_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_outlettally (
    id bigint NOT NULL,
    articles integer NOT NULL,
    claims integer NOT NULL,
    alone integer NOT NULL,
    earliest integer NOT NULL,
    explained integer NOT NULL,
    folded boolean NOT NULL,
    outlet_id bigint NOT NULL
);

ALTER TABLE public.claims_outlettally ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_outlettally_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_posting (
    word bigint NOT NULL,
    wording bigint NOT NULL,
    further_words bigint[],
    further_wordings bigint[]
);

CREATE TABLE public.claims_readingdue (
    revision_id bigint NOT NULL,
    again boolean DEFAULT false NOT NULL,
    begun boolean DEFAULT false NOT NULL,
    marked_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL
);

CREATE TABLE public.claims_reviewitem (
    id bigint NOT NULL,
    kind character varying(11) NOT NULL,
    row_id bigint NOT NULL,
    priority integer NOT NULL,
    leased_until timestamp with time zone,
    claim_id bigint NOT NULL,
    leased_by_id integer,
    other_id bigint,
    CONSTRAINT review_item_leased_to_somebody CHECK (((leased_until IS NULL) OR (leased_by_id IS NOT NULL)))
);

ALTER TABLE public.claims_reviewitem ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_reviewitem_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_reviewpass (
    id bigint NOT NULL,
    passed_at timestamp with time zone NOT NULL,
    editor_id integer NOT NULL,
    item_id bigint NOT NULL
);

ALTER TABLE public.claims_reviewpass ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_reviewpass_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_sampleditem (
    id bigint NOT NULL,
    kind character varying(11) NOT NULL,
    row_id bigint NOT NULL,
    state character varying(11) NOT NULL,
    verdict character varying(7) NOT NULL,
    adjudicated_at timestamp with time zone,
    adjudicated_by_id integer,
    claim_id bigint NOT NULL,
    CONSTRAINT sampled_adjudication_signed CHECK ((((adjudicated_at IS NULL) AND (adjudicated_by_id IS NULL) AND ((verdict)::text = ''::text) AND (NOT ((state)::text = 'adjudicated'::text))) OR ((adjudicated_at IS NOT NULL) AND (adjudicated_by_id IS NOT NULL) AND ((state)::text = 'adjudicated'::text) AND (NOT ((verdict)::text = ''::text)))))
);

ALTER TABLE public.claims_sampleditem ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_sampleditem_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_sentence (
    id bigint NOT NULL,
    model character varying(30) NOT NULL,
    vector bytea NOT NULL,
    statement_id bigint NOT NULL
);

ALTER TABLE public.claims_sentence ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_sentence_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_speaker (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    name character varying(300) NOT NULL,
    kind character varying(7) NOT NULL,
    wikidata_id character varying(20) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    merged_into_id bigint,
    represents_id bigint,
    edited_by_id integer,
    CONSTRAINT speaker_has_name CHECK ((NOT ((name)::text = ''::text))),
    CONSTRAINT speaker_not_its_own_principal CHECK ((NOT ((represents_id = id) AND (represents_id IS NOT NULL)))),
    CONSTRAINT speaker_not_merged_into_itself CHECK ((NOT ((merged_into_id = id) AND (merged_into_id IS NOT NULL))))
);

ALTER TABLE public.claims_speaker ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_speaker_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_speakeralias (
    id bigint NOT NULL,
    name character varying(300) NOT NULL,
    speaker_id bigint NOT NULL,
    key character varying(300) NOT NULL
);

ALTER TABLE public.claims_speakeralias ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_speakeralias_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_speakeraliasevent (
    pgh_id bigint NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    name character varying(300) NOT NULL,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL,
    speaker_id bigint NOT NULL
);

ALTER TABLE public.claims_speakeraliasevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_speakeraliasevent_pgh_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_speakerevent (
    pgh_id bigint NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    uid uuid NOT NULL,
    name character varying(300) NOT NULL,
    kind character varying(7) NOT NULL,
    wikidata_id character varying(20) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    merged_into_id bigint,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL,
    represents_id bigint,
    edited_by_id integer
);

ALTER TABLE public.claims_speakerevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_speakerevent_pgh_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_speakermerge (
    id bigint NOT NULL,
    statements bigint[] NOT NULL,
    claims bigint[] NOT NULL,
    aliases bigint[] NOT NULL,
    represented bigint[] NOT NULL,
    redirected bigint[] NOT NULL,
    filled jsonb NOT NULL,
    merged_at timestamp with time zone NOT NULL,
    undone_at timestamp with time zone,
    into_id bigint NOT NULL,
    merged_by_id integer NOT NULL,
    speaker_id bigint NOT NULL,
    undone_by_id integer,
    CONSTRAINT speaker_merge_undoing_signed CHECK ((((undone_at IS NULL) AND (undone_by_id IS NULL)) OR ((undone_at IS NOT NULL) AND (undone_by_id IS NOT NULL))))
);

ALTER TABLE public.claims_speakermerge ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_speakermerge_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_statement (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    kind character varying(8) NOT NULL,
    act character varying(8) NOT NULL,
    negated boolean NOT NULL,
    hedged boolean NOT NULL,
    denies boolean NOT NULL,
    start integer NOT NULL,
    "end" integer NOT NULL,
    content_key character varying(500) NOT NULL,
    quote text NOT NULL,
    source_text character varying(500) NOT NULL,
    heading character varying(300) NOT NULL,
    terms character varying(100)[] NOT NULL,
    said_on date,
    confidence double precision NOT NULL,
    method character varying(100) NOT NULL,
    withdrawn_at timestamp with time zone,
    withdrawn_reason character varying(300) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    revision_id bigint NOT NULL,
    speaker_id bigint,
    orphaned_at timestamp with time zone,
    orphaned_reason character varying(300) NOT NULL,
    speaker_name character varying(300) NOT NULL,
    CONSTRAINT claims_statement_end_check CHECK (("end" >= 0)),
    CONSTRAINT claims_statement_start_check CHECK ((start >= 0)),
    CONSTRAINT statement_confidence_range CHECK (((confidence >= (0.0)::double precision) AND (confidence <= (1.0)::double precision))),
    CONSTRAINT statement_has_quote CHECK ((NOT (quote = ''::text))),
    CONSTRAINT statement_orphaned_with_reason CHECK ((((orphaned_at IS NULL) AND ((orphaned_reason)::text = ''::text)) OR ((orphaned_at IS NOT NULL) AND (NOT ((orphaned_reason)::text = ''::text))))),
    CONSTRAINT statement_span_ordered CHECK ((start < "end")),
    CONSTRAINT statement_withdrawn_with_reason CHECK ((((withdrawn_at IS NULL) AND ((withdrawn_reason)::text = ''::text)) OR ((withdrawn_at IS NOT NULL) AND (NOT ((withdrawn_reason)::text = ''::text)))))
);

ALTER TABLE public.claims_statement ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_statement_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_statementchange (
    id bigint NOT NULL,
    before jsonb,
    after jsonb NOT NULL,
    beside jsonb NOT NULL,
    made bigint,
    made_at timestamp with time zone NOT NULL,
    undone_at timestamp with time zone,
    made_by_id integer NOT NULL,
    statement_id bigint NOT NULL,
    undone_by_id integer,
    CONSTRAINT statement_change_undoing_signed CHECK ((((undone_at IS NULL) AND (undone_by_id IS NULL)) OR ((undone_at IS NOT NULL) AND (undone_by_id IS NOT NULL))))
);

ALTER TABLE public.claims_statementchange ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_statementchange_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_statementevent (
    pgh_id bigint NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    uid uuid NOT NULL,
    kind character varying(8) NOT NULL,
    act character varying(8) NOT NULL,
    negated boolean NOT NULL,
    hedged boolean NOT NULL,
    denies boolean NOT NULL,
    start integer NOT NULL,
    "end" integer NOT NULL,
    content_key character varying(500) NOT NULL,
    quote text NOT NULL,
    source_text character varying(500) NOT NULL,
    heading character varying(300) NOT NULL,
    said_on date,
    confidence double precision NOT NULL,
    method character varying(100) NOT NULL,
    withdrawn_at timestamp with time zone,
    withdrawn_reason character varying(300) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL,
    revision_id bigint NOT NULL,
    speaker_id bigint,
    orphaned_at timestamp with time zone,
    orphaned_reason character varying(300) NOT NULL,
    CONSTRAINT claims_statementevent_end_check CHECK (("end" >= 0)),
    CONSTRAINT claims_statementevent_start_check CHECK ((start >= 0))
);

ALTER TABLE public.claims_statementevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_statementevent_pgh_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_statementrelay (
    id bigint NOT NULL,
    hop smallint NOT NULL,
    start integer NOT NULL,
    "end" integer NOT NULL,
    outlet_id bigint NOT NULL,
    statement_id bigint NOT NULL,
    CONSTRAINT claims_statementrelay_end_check CHECK (("end" >= 0)),
    CONSTRAINT claims_statementrelay_hop_check CHECK ((hop >= 0)),
    CONSTRAINT claims_statementrelay_start_check CHECK ((start >= 0)),
    CONSTRAINT statement_relay_ordered CHECK ((start < "end"))
);

ALTER TABLE public.claims_statementrelay ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_statementrelay_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_statementrelayevent (
    pgh_id bigint NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    hop smallint NOT NULL,
    start integer NOT NULL,
    "end" integer NOT NULL,
    outlet_id bigint NOT NULL,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL,
    statement_id bigint NOT NULL,
    CONSTRAINT claims_statementrelayevent_end_check CHECK (("end" >= 0)),
    CONSTRAINT claims_statementrelayevent_hop_check CHECK ((hop >= 0)),
    CONSTRAINT claims_statementrelayevent_start_check CHECK ((start >= 0))
);

ALTER TABLE public.claims_statementrelayevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_statementrelayevent_pgh_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_statementspan (
    id bigint NOT NULL,
    role character varying(7) NOT NULL,
    start integer NOT NULL,
    "end" integer NOT NULL,
    statement_id bigint NOT NULL,
    CONSTRAINT claims_statementspan_end_check CHECK (("end" >= 0)),
    CONSTRAINT claims_statementspan_start_check CHECK ((start >= 0)),
    CONSTRAINT statement_piece_ordered CHECK ((start < "end"))
);

ALTER TABLE public.claims_statementspan ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_statementspan_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_topic (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    slug character varying(120) NOT NULL,
    name character varying(200) NOT NULL,
    keywords character varying(200)[] NOT NULL
);

ALTER TABLE public.claims_topic ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_topic_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_topicevent (
    pgh_id bigint NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    uid uuid NOT NULL,
    slug character varying(120) NOT NULL,
    name character varying(200) NOT NULL,
    keywords character varying(200)[] NOT NULL,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL
);

ALTER TABLE public.claims_topicevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.claims_topicevent_pgh_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.claims_wording (
    statement_id bigint NOT NULL,
    code bigint NOT NULL
);

CREATE TABLE public.config_sighting (
    id bigint NOT NULL,
    role character varying(6) NOT NULL,
    name character varying(300) NOT NULL,
    seen_at timestamp with time zone NOT NULL
);

ALTER TABLE public.config_sighting ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.config_sighting_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.config_tasktotal (
    task character varying(100) NOT NULL,
    runs bigint NOT NULL,
    failures bigint NOT NULL,
    seconds double precision NOT NULL,
    done bigint NOT NULL,
    ended_at timestamp with time zone NOT NULL
);

CREATE TABLE public.django_admin_log (
    id integer NOT NULL,
    action_time timestamp with time zone NOT NULL,
    object_id text,
    object_repr character varying(200) NOT NULL,
    action_flag smallint NOT NULL,
    change_message text NOT NULL,
    content_type_id integer,
    user_id integer NOT NULL,
    CONSTRAINT django_admin_log_action_flag_check CHECK ((action_flag >= 0))
);

ALTER TABLE public.django_admin_log ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_admin_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE UNLOGGED TABLE public.django_cache (
    cache_key character varying(255) NOT NULL,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);

CREATE TABLE public.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);

ALTER TABLE public.django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);

ALTER TABLE public.django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL
);

CREATE TABLE public.mfa_authenticator (
    id bigint NOT NULL,
    type character varying(20) NOT NULL,
    data jsonb NOT NULL,
    user_id integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone
);

ALTER TABLE public.mfa_authenticator ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mfa_authenticator_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.notices_audience (
    id bigint NOT NULL,
    until timestamp with time zone NOT NULL
);

ALTER TABLE public.notices_audience ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.notices_audience_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.notices_delivery (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    state character varying(9) NOT NULL,
    attempts smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    next_attempt_at timestamp with time zone,
    last_attempt_at timestamp with time zone,
    status smallint,
    error text NOT NULL,
    excerpt text NOT NULL,
    event_id bigint NOT NULL,
    webhook_id bigint NOT NULL,
    CONSTRAINT delivery_waits_for_a_time CHECK ((((next_attempt_at IS NOT NULL) AND ((state)::text = 'waiting'::text)) OR ((NOT ((state)::text = 'waiting'::text)) AND (next_attempt_at IS NULL)))),
    CONSTRAINT notices_delivery_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT notices_delivery_status_check CHECK ((status >= 0))
);

ALTER TABLE public.notices_delivery ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.notices_delivery_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.notices_event (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    transaction bigint NOT NULL,
    type character varying(24) NOT NULL,
    row_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    data jsonb NOT NULL,
    waiting boolean NOT NULL
);

ALTER TABLE public.notices_event ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.notices_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.notices_importdue (
    id bigint NOT NULL,
    run_id bigint NOT NULL
);

ALTER TABLE public.notices_importdue ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.notices_importdue_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.notices_webhook (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    url character varying(2000) NOT NULL,
    description character varying(200) NOT NULL,
    events character varying(24)[] NOT NULL,
    salt character varying(32) NOT NULL,
    previous_salt character varying(32) NOT NULL,
    previous_until timestamp with time zone,
    active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    failures integer NOT NULL,
    failing_since timestamp with time zone,
    not_before timestamp with time zone,
    paused_at timestamp with time zone,
    paused_reason text NOT NULL,
    last_success_at timestamp with time zone,
    claim_id bigint,
    owner_id integer NOT NULL,
    speaker_id bigint,
    topic_id bigint,
    CONSTRAINT notices_webhook_failures_check CHECK ((failures >= 0)),
    CONSTRAINT webhook_has_events CHECK ((
CASE
    WHEN (events IS NULL) THEN NULL::integer
    ELSE COALESCE(array_length(events, 1), 0)
END > 0)),
    CONSTRAINT webhook_pause_says_why CHECK ((((paused_at IS NULL) AND (paused_reason = ''::text)) OR ((paused_at IS NOT NULL) AND (NOT (paused_reason = ''::text))))),
    CONSTRAINT webhook_previous_secret_ends CHECK (((((previous_salt)::text = ''::text) AND (previous_until IS NULL)) OR ((NOT ((previous_salt)::text = ''::text)) AND (previous_until IS NOT NULL))))
);

ALTER TABLE public.notices_webhook ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.notices_webhook_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.pghistory_context (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    metadata jsonb NOT NULL
);

CREATE UNLOGGED TABLE public.request_counts (
    key bytea NOT NULL,
    ends_at bigint NOT NULL,
    count integer NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE public.sources_article (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    identity character varying(2100) NOT NULL,
    external_id character varying(500) NOT NULL,
    url character varying(2000) NOT NULL,
    title character varying(1000) NOT NULL,
    byline character varying(500) NOT NULL,
    language character varying(12) NOT NULL,
    published_at timestamp with time zone,
    published_has_time boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    revised_at timestamp with time zone,
    outlet_id bigint NOT NULL,
    current_revision_id bigint
);

ALTER TABLE public.sources_article ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sources_article_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sources_articleevent (
    pgh_id bigint NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    uid uuid NOT NULL,
    identity character varying(2100) NOT NULL,
    external_id character varying(500) NOT NULL,
    url character varying(2000) NOT NULL,
    title character varying(1000) NOT NULL,
    byline character varying(500) NOT NULL,
    language character varying(12) NOT NULL,
    published_at timestamp with time zone,
    published_has_time boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    revised_at timestamp with time zone,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL,
    outlet_id bigint NOT NULL,
    current_revision_id bigint
);

ALTER TABLE public.sources_articleevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sources_articleevent_pgh_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sources_derivation (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    kind character varying(8) NOT NULL,
    partial boolean NOT NULL,
    start integer,
    "end" integer,
    score double precision,
    method character varying(100) NOT NULL,
    status character varying(9) NOT NULL,
    decided_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    article_id bigint NOT NULL,
    decided_by_id integer,
    upstream_article_id bigint,
    upstream_outlet_id bigint NOT NULL,
    revision_id bigint NOT NULL,
    CONSTRAINT derivation_decision_signed CHECK ((((status)::text = 'proposed'::text) OR ((decided_at IS NOT NULL) AND (decided_by_id IS NOT NULL)))),
    CONSTRAINT derivation_not_from_itself CHECK ((NOT ((upstream_article_id = article_id) AND (upstream_article_id IS NOT NULL)))),
    CONSTRAINT derivation_span_ordered CHECK (((("end" IS NULL) AND (start IS NULL)) OR (start < "end"))),
    CONSTRAINT sources_derivation_end_check CHECK (("end" >= 0)),
    CONSTRAINT sources_derivation_start_check CHECK ((start >= 0))
);

ALTER TABLE public.sources_derivation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sources_derivation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sources_derivationevent (
    pgh_id bigint NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    uid uuid NOT NULL,
    kind character varying(8) NOT NULL,
    partial boolean NOT NULL,
    start integer,
    "end" integer,
    score double precision,
    method character varying(100) NOT NULL,
    status character varying(9) NOT NULL,
    decided_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    article_id bigint NOT NULL,
    decided_by_id integer,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL,
    upstream_article_id bigint,
    upstream_outlet_id bigint NOT NULL,
    revision_id bigint NOT NULL,
    CONSTRAINT sources_derivationevent_end_check CHECK (("end" >= 0)),
    CONSTRAINT sources_derivationevent_start_check CHECK ((start >= 0))
);

ALTER TABLE public.sources_derivationevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sources_derivationevent_pgh_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sources_derivationspan (
    id bigint NOT NULL,
    start integer NOT NULL,
    "end" integer NOT NULL,
    upstream_start integer NOT NULL,
    upstream_end integer NOT NULL,
    words integer NOT NULL,
    derivation_id bigint NOT NULL,
    upstream_revision_id bigint NOT NULL,
    CONSTRAINT derivation_span_forward CHECK ((start < "end")),
    CONSTRAINT derivation_span_upstream_forward CHECK ((upstream_start < upstream_end)),
    CONSTRAINT sources_derivationspan_end_check CHECK (("end" >= 0)),
    CONSTRAINT sources_derivationspan_start_check CHECK ((start >= 0)),
    CONSTRAINT sources_derivationspan_upstream_end_check CHECK ((upstream_end >= 0)),
    CONSTRAINT sources_derivationspan_upstream_start_check CHECK ((upstream_start >= 0)),
    CONSTRAINT sources_derivationspan_words_check CHECK ((words >= 0))
);

ALTER TABLE public.sources_derivationspan ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sources_derivationspan_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sources_feed (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    url character varying(2000) NOT NULL,
    title character varying(300) NOT NULL,
    active boolean NOT NULL,
    interval_s integer NOT NULL,
    etag character varying(300) NOT NULL,
    last_modified character varying(100) NOT NULL,
    last_polled_at timestamp with time zone,
    next_poll_at timestamp with time zone NOT NULL,
    failures integer NOT NULL,
    failing_since timestamp with time zone,
    last_error text NOT NULL,
    outlet_id bigint,
    last_note text NOT NULL,
    CONSTRAINT feed_interval_a_minute CHECK ((interval_s >= 60)),
    CONSTRAINT sources_feed_failures_check CHECK ((failures >= 0)),
    CONSTRAINT sources_feed_interval_s_check CHECK ((interval_s >= 0))
);

ALTER TABLE public.sources_feed ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sources_feed_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sources_fingerprint (
    id bigint NOT NULL,
    hashes integer[] NOT NULL,
    positions integer[] NOT NULL,
    quoted integer[] NOT NULL,
    method character varying(100) NOT NULL,
    article_id bigint NOT NULL,
    revision_id bigint NOT NULL
);

ALTER TABLE public.sources_fingerprint ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sources_fingerprint_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sources_host (
    id bigint NOT NULL,
    name character varying(260) NOT NULL,
    min_interval_s double precision,
    next_allowed_at timestamp with time zone,
    lease uuid,
    leased_until timestamp with time zone,
    failures integer NOT NULL,
    backoff_until timestamp with time zone,
    last_error text NOT NULL,
    robots_body text NOT NULL,
    robots_status smallint,
    robots_fetched_at timestamp with time zone,
    robots_error text NOT NULL,
    crawl_delay_s double precision,
    CONSTRAINT host_intervals_not_negative CHECK ((((min_interval_s IS NULL) OR (min_interval_s >= (0.0)::double precision)) AND ((crawl_delay_s IS NULL) OR (crawl_delay_s >= (0.0)::double precision)))),
    CONSTRAINT host_lease_ends CHECK ((((lease IS NULL) AND (leased_until IS NULL)) OR ((lease IS NOT NULL) AND (leased_until IS NOT NULL)))),
    CONSTRAINT sources_host_failures_check CHECK ((failures >= 0)),
    CONSTRAINT sources_host_robots_status_check CHECK ((robots_status >= 0))
);

ALTER TABLE public.sources_host ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sources_host_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sources_importitem (
    id bigint NOT NULL,
    "position" integer NOT NULL,
    label character varying(1000) NOT NULL,
    url character varying(2000) NOT NULL,
    depth smallint NOT NULL,
    priority smallint NOT NULL,
    not_before timestamp with time zone,
    record jsonb NOT NULL,
    media_type character varying(100) NOT NULL,
    payload bytea,
    state character varying(9) NOT NULL,
    reason text NOT NULL,
    attempts smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    article_id bigint,
    run_id bigint NOT NULL,
    needs_look boolean NOT NULL,
    traceback text NOT NULL,
    looked_at timestamp with time zone,
    looked_by_id integer,
    CONSTRAINT import_item_finished_or_pending CHECK ((((finished_at IS NULL) AND ((state)::text = 'pending'::text)) OR ((NOT ((state)::text = 'pending'::text)) AND (finished_at IS NOT NULL)))),
    CONSTRAINT import_item_look_signed CHECK ((((looked_at IS NULL) AND (looked_by_id IS NULL)) OR ((looked_at IS NOT NULL) AND (looked_by_id IS NOT NULL)))),
    CONSTRAINT import_item_says_why CHECK ((((state)::text = ANY ((ARRAY['pending'::character varying, 'imported'::character varying])::text[])) OR (NOT (reason = ''::text)))),
    CONSTRAINT sources_importitem_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT sources_importitem_depth_check CHECK ((depth >= 0)),
    CONSTRAINT sources_importitem_position_check CHECK (("position" >= 0))
);

ALTER TABLE public.sources_importitem ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sources_importitem_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sources_importrun (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    label character varying(500) NOT NULL,
    priority smallint NOT NULL,
    cancelled_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    feed_id bigint,
    requested_by_id integer,
    documents_read integer NOT NULL,
    heard_of_at timestamp with time zone NOT NULL,
    read_at timestamp with time zone,
    reading_error text NOT NULL,
    CONSTRAINT import_run_error_ends_reading CHECK (((reading_error = ''::text) OR (NOT (read_at IS NULL)))),
    CONSTRAINT sources_importrun_documents_read_check CHECK ((documents_read >= 0))
);

ALTER TABLE public.sources_importrun ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sources_importrun_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sources_outlet (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    slug character varying(120) NOT NULL,
    name character varying(200) NOT NULL,
    kind character varying(12) NOT NULL,
    owner_name character varying(200) NOT NULL,
    reviewed boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    owner_id bigint,
    merged_into_id bigint,
    CONSTRAINT outlet_kind_known CHECK (((kind)::text = ANY ((ARRAY['agency'::character varying, 'broadcaster'::character varying, 'newspaper'::character varying, 'magazine'::character varying, 'online'::character varying, 'government'::character varying, 'unknown'::character varying])::text[]))),
    CONSTRAINT outlet_not_its_own_owner CHECK ((NOT ((owner_id = id) AND (owner_id IS NOT NULL)))),
    CONSTRAINT outlet_not_merged_into_itself CHECK ((NOT ((merged_into_id = id) AND (merged_into_id IS NOT NULL)))),
    CONSTRAINT outlet_one_owner CHECK (((owner_id IS NULL) OR ((owner_name)::text = ''::text)))
);

ALTER TABLE public.sources_outlet ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sources_outlet_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sources_outletalias (
    id bigint NOT NULL,
    name character varying(200) NOT NULL,
    outlet_id bigint NOT NULL
);

ALTER TABLE public.sources_outletalias ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sources_outletalias_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sources_outletaliasevent (
    pgh_id bigint NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    name character varying(200) NOT NULL,
    outlet_id bigint NOT NULL,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL
);

ALTER TABLE public.sources_outletaliasevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sources_outletaliasevent_pgh_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sources_outletdomain (
    id bigint NOT NULL,
    domain character varying(253) NOT NULL,
    outlet_id bigint NOT NULL
);

ALTER TABLE public.sources_outletdomain ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sources_outletdomain_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sources_outletdomainevent (
    pgh_id bigint NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    domain character varying(253) NOT NULL,
    outlet_id bigint NOT NULL,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL
);

ALTER TABLE public.sources_outletdomainevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sources_outletdomainevent_pgh_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sources_outletevent (
    pgh_id bigint NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    uid uuid NOT NULL,
    slug character varying(120) NOT NULL,
    name character varying(200) NOT NULL,
    kind character varying(12) NOT NULL,
    owner_name character varying(200) NOT NULL,
    reviewed boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    owner_id bigint,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL,
    merged_into_id bigint
);

ALTER TABLE public.sources_outletevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sources_outletevent_pgh_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sources_outletmerge (
    id bigint NOT NULL,
    moved jsonb NOT NULL,
    doubles jsonb NOT NULL,
    renamed jsonb NOT NULL,
    merged_at timestamp with time zone NOT NULL,
    undone_at timestamp with time zone,
    into_id bigint NOT NULL,
    merged_by_id integer NOT NULL,
    outlet_id bigint NOT NULL,
    undone_by_id integer,
    CONSTRAINT outlet_merge_undoing_signed CHECK ((((undone_at IS NULL) AND (undone_by_id IS NULL)) OR ((undone_at IS NOT NULL) AND (undone_by_id IS NOT NULL))))
);

ALTER TABLE public.sources_outletmerge ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sources_outletmerge_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sources_revision (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    number integer NOT NULL,
    text text NOT NULL,
    length integer GENERATED ALWAYS AS (length(text)) STORED,
    sha256 character varying(64) NOT NULL,
    method character varying(100) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    article_id bigint NOT NULL,
    snapshot_id bigint NOT NULL,
    CONSTRAINT revision_has_text CHECK ((NOT (text = ''::text))),
    CONSTRAINT sources_revision_number_check CHECK ((number >= 0))
);

ALTER TABLE public.sources_revision ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sources_revision_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sources_snapshot (
    id bigint NOT NULL,
    uid uuid NOT NULL,
    body bytea NOT NULL,
    media_type character varying(100) NOT NULL,
    headers jsonb NOT NULL,
    sha256 character varying(64) NOT NULL,
    captured_at timestamp with time zone NOT NULL,
    article_id bigint NOT NULL
);

ALTER TABLE public.sources_snapshot ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.sources_snapshot_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.usersessions_usersession (
    id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ip inet NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    session_key character varying(40) NOT NULL,
    user_agent character varying(200) NOT NULL,
    data jsonb NOT NULL,
    user_id integer NOT NULL
);

ALTER TABLE public.usersessions_usersession ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.usersessions_usersession_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);



























































































































































































ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_email_987c8728_uniq UNIQUE (user_id, email);

ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_key_key UNIQUE (key);

ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_invitation
    ADD CONSTRAINT accounts_invitation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_invitation
    ADD CONSTRAINT accounts_invitation_uid_key UNIQUE (uid);

ALTER TABLE ONLY public.accounts_token
    ADD CONSTRAINT accounts_token_digest_key UNIQUE (digest);

ALTER TABLE ONLY public.accounts_token
    ADD CONSTRAINT accounts_token_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_token
    ADD CONSTRAINT accounts_token_uid_key UNIQUE (uid);

ALTER TABLE ONLY public.claims_annotation
    ADD CONSTRAINT annotated_once_by_each UNIQUE (item_id, editor_id);

ALTER TABLE ONLY public.sources_article
    ADD CONSTRAINT article_once_per_outlet UNIQUE (outlet_id, identity);

ALTER TABLE ONLY public.claims_attribution
    ADD CONSTRAINT attribution_once UNIQUE (statement_id, claim_id);

ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_user_groups
    ADD CONSTRAINT auth_user_groups_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_user_groups
    ADD CONSTRAINT auth_user_groups_user_id_group_id_94350c0c_uniq UNIQUE (user_id, group_id);

ALTER TABLE ONLY public.auth_user
    ADD CONSTRAINT auth_user_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_user_user_permissions
    ADD CONSTRAINT auth_user_user_permissions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_user_user_permissions
    ADD CONSTRAINT auth_user_user_permissions_user_id_permission_id_14a6b632_uniq UNIQUE (user_id, permission_id);

ALTER TABLE ONLY public.auth_user
    ADD CONSTRAINT auth_user_username_key UNIQUE (username);

ALTER TABLE ONLY public.claims_claimconflict
    ADD CONSTRAINT claim_conflict_once UNIQUE (claim_id, reason, detail);

ALTER TABLE ONLY public.claims_claimlink
    ADD CONSTRAINT claim_link_once UNIQUE (claim_id, other_id, kind);

ALTER TABLE ONLY public.claims_claimtopic
    ADD CONSTRAINT claim_topic_once UNIQUE (claim_id, topic_id);

ALTER TABLE ONLY public.claims_annotation
    ADD CONSTRAINT claims_annotation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_attribution
    ADD CONSTRAINT claims_attribution_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_attribution
    ADD CONSTRAINT claims_attribution_uid_key UNIQUE (uid);

ALTER TABLE ONLY public.claims_attributionevent
    ADD CONSTRAINT claims_attributionevent_pkey PRIMARY KEY (pgh_id);

ALTER TABLE ONLY public.claims_change
    ADD CONSTRAINT claims_change_pkey PRIMARY KEY (transaction, resource, uid);

ALTER TABLE ONLY public.claims_claim
    ADD CONSTRAINT claims_claim_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_claim
    ADD CONSTRAINT claims_claim_uid_key UNIQUE (uid);

ALTER TABLE ONLY public.claims_claimconflict
    ADD CONSTRAINT claims_claimconflict_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_claimconflict
    ADD CONSTRAINT claims_claimconflict_uid_key UNIQUE (uid);

ALTER TABLE ONLY public.claims_claimevent
    ADD CONSTRAINT claims_claimevent_pkey PRIMARY KEY (pgh_id);

ALTER TABLE ONLY public.claims_claimlink
    ADD CONSTRAINT claims_claimlink_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_claimlink
    ADD CONSTRAINT claims_claimlink_uid_key UNIQUE (uid);

ALTER TABLE ONLY public.claims_claimlinkevent
    ADD CONSTRAINT claims_claimlinkevent_pkey PRIMARY KEY (pgh_id);

ALTER TABLE ONLY public.claims_claimmerge
    ADD CONSTRAINT claims_claimmerge_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_claimtopic
    ADD CONSTRAINT claims_claimtopic_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_claimtopicevent
    ADD CONSTRAINT claims_claimtopicevent_pkey PRIMARY KEY (pgh_id);

ALTER TABLE ONLY public.claims_comparisondue
    ADD CONSTRAINT claims_comparisondue_pkey PRIMARY KEY (revision_id);

ALTER TABLE ONLY public.claims_corroboration_origins
    ADD CONSTRAINT claims_corroboration_ori_corroboration_id_outlet__fc2f7f18_uniq UNIQUE (corroboration_id, outlet_id);

ALTER TABLE ONLY public.claims_corroboration_origins
    ADD CONSTRAINT claims_corroboration_origins_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_corroboration_outlets
    ADD CONSTRAINT claims_corroboration_out_corroboration_id_outlet__a043779c_uniq UNIQUE (corroboration_id, outlet_id);

ALTER TABLE ONLY public.claims_corroboration_outlets
    ADD CONSTRAINT claims_corroboration_outlets_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_corroboration
    ADD CONSTRAINT claims_corroboration_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_corroborationdue
    ADD CONSTRAINT claims_corroborationdue_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_coverage
    ADD CONSTRAINT claims_coverage_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_decision
    ADD CONSTRAINT claims_decision_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_decision
    ADD CONSTRAINT claims_decision_uid_key UNIQUE (uid);

ALTER TABLE ONLY public.claims_deskaction
    ADD CONSTRAINT claims_deskaction_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_deskaction
    ADD CONSTRAINT claims_deskaction_token_key UNIQUE (token);

ALTER TABLE ONLY public.claims_extraction
    ADD CONSTRAINT claims_extraction_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_extractorversion
    ADD CONSTRAINT claims_extractorversion_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_extractorversion
    ADD CONSTRAINT claims_extractorversion_version_key UNIQUE (version);

ALTER TABLE ONLY public.claims_facetchange
    ADD CONSTRAINT claims_facetchange_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_facetcount
    ADD CONSTRAINT claims_facetcount_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_flag
    ADD CONSTRAINT claims_flag_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_flag
    ADD CONSTRAINT claims_flag_uid_key UNIQUE (uid);

ALTER TABLE ONLY public.claims_flagevent
    ADD CONSTRAINT claims_flagevent_pkey PRIMARY KEY (pgh_id);

ALTER TABLE ONLY public.claims_idempotentanswer
    ADD CONSTRAINT claims_idempotentanswer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_listedword
    ADD CONSTRAINT claims_listedword_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_listing
    ADD CONSTRAINT claims_listing_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_note
    ADD CONSTRAINT claims_note_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_note
    ADD CONSTRAINT claims_note_uid_key UNIQUE (uid);

ALTER TABLE ONLY public.claims_noteevent
    ADD CONSTRAINT claims_noteevent_pkey PRIMARY KEY (pgh_id);

ALTER TABLE ONLY public.claims_outletpair
    ADD CONSTRAINT claims_outletpair_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_outlettally
    ADD CONSTRAINT claims_outlettally_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_posting
    ADD CONSTRAINT claims_posting_pkey PRIMARY KEY (word, wording);

ALTER TABLE ONLY public.claims_readingdue
    ADD CONSTRAINT claims_readingdue_pkey PRIMARY KEY (revision_id);

ALTER TABLE ONLY public.claims_reviewitem
    ADD CONSTRAINT claims_reviewitem_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_reviewpass
    ADD CONSTRAINT claims_reviewpass_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_sampleditem
    ADD CONSTRAINT claims_sampleditem_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_sentence
    ADD CONSTRAINT claims_sentence_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_speaker
    ADD CONSTRAINT claims_speaker_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_speaker
    ADD CONSTRAINT claims_speaker_uid_key UNIQUE (uid);

ALTER TABLE ONLY public.claims_speakeralias
    ADD CONSTRAINT claims_speakeralias_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_speakeraliasevent
    ADD CONSTRAINT claims_speakeraliasevent_pkey PRIMARY KEY (pgh_id);

ALTER TABLE ONLY public.claims_speakerevent
    ADD CONSTRAINT claims_speakerevent_pkey PRIMARY KEY (pgh_id);

ALTER TABLE ONLY public.claims_speakermerge
    ADD CONSTRAINT claims_speakermerge_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_statement
    ADD CONSTRAINT claims_statement_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_statement
    ADD CONSTRAINT claims_statement_uid_key UNIQUE (uid);

ALTER TABLE ONLY public.claims_statementchange
    ADD CONSTRAINT claims_statementchange_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_statementevent
    ADD CONSTRAINT claims_statementevent_pkey PRIMARY KEY (pgh_id);

ALTER TABLE ONLY public.claims_statementrelay
    ADD CONSTRAINT claims_statementrelay_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_statementrelayevent
    ADD CONSTRAINT claims_statementrelayevent_pkey PRIMARY KEY (pgh_id);

ALTER TABLE ONLY public.claims_statementspan
    ADD CONSTRAINT claims_statementspan_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_topic
    ADD CONSTRAINT claims_topic_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.claims_topic
    ADD CONSTRAINT claims_topic_slug_key UNIQUE (slug);

ALTER TABLE ONLY public.claims_topic
    ADD CONSTRAINT claims_topic_uid_key UNIQUE (uid);

ALTER TABLE ONLY public.claims_topicevent
    ADD CONSTRAINT claims_topicevent_pkey PRIMARY KEY (pgh_id);

ALTER TABLE ONLY public.claims_wording
    ADD CONSTRAINT claims_wording_pkey PRIMARY KEY (statement_id);

ALTER TABLE ONLY public.config_sighting
    ADD CONSTRAINT config_sighting_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.config_tasktotal
    ADD CONSTRAINT config_tasktotal_pkey PRIMARY KEY (task);

ALTER TABLE ONLY public.claims_corroboration
    ADD CONSTRAINT corroboration_once UNIQUE (claim_id, basis);

ALTER TABLE ONLY public.claims_coverage
    ADD CONSTRAINT coverage_once UNIQUE (claim_id, outlet_id);

ALTER TABLE ONLY public.claims_decision
    ADD CONSTRAINT decision_signature_once UNIQUE (decided_by_id, decided_at);

ALTER TABLE ONLY public.notices_delivery
    ADD CONSTRAINT delivery_once UNIQUE (webhook_id, event_id);

ALTER TABLE ONLY public.sources_derivation
    ADD CONSTRAINT derivation_once UNIQUE NULLS NOT DISTINCT (article_id, kind, upstream_outlet_id, upstream_article_id);

ALTER TABLE ONLY public.sources_derivationspan
    ADD CONSTRAINT derivation_span_once UNIQUE (derivation_id, start);

ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.django_cache
    ADD CONSTRAINT django_cache_pkey PRIMARY KEY (cache_key);

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.django_session
    ADD CONSTRAINT django_session_pkey PRIMARY KEY (session_key);

ALTER TABLE ONLY public.notices_event
    ADD CONSTRAINT event_once UNIQUE (transaction, type, row_id);

ALTER TABLE ONLY public.claims_extraction
    ADD CONSTRAINT extraction_once UNIQUE (revision_id, version);

ALTER TABLE ONLY public.claims_facetcount
    ADD CONSTRAINT facet_counted_once UNIQUE (basis, facet);

ALTER TABLE ONLY public.claims_idempotentanswer
    ADD CONSTRAINT idempotent_answer_once UNIQUE (owner, key);

ALTER TABLE ONLY public.sources_importitem
    ADD CONSTRAINT import_item_position_once UNIQUE (run_id, "position");

ALTER TABLE ONLY public.claims_listing
    ADD CONSTRAINT listing_once UNIQUE (claim_id, basis);

ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notices_audience
    ADD CONSTRAINT notices_audience_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notices_delivery
    ADD CONSTRAINT notices_delivery_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notices_delivery
    ADD CONSTRAINT notices_delivery_uid_key UNIQUE (uid);

ALTER TABLE ONLY public.notices_event
    ADD CONSTRAINT notices_event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notices_importdue
    ADD CONSTRAINT notices_importdue_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notices_webhook
    ADD CONSTRAINT notices_webhook_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notices_webhook
    ADD CONSTRAINT notices_webhook_uid_key UNIQUE (uid);

ALTER TABLE ONLY public.pghistory_context
    ADD CONSTRAINT pghistory_context_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.request_counts
    ADD CONSTRAINT request_counts_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.claims_reviewitem
    ADD CONSTRAINT review_item_once UNIQUE (kind, row_id);

ALTER TABLE ONLY public.claims_reviewpass
    ADD CONSTRAINT review_passed_once UNIQUE (item_id, editor_id);

ALTER TABLE ONLY public.sources_revision
    ADD CONSTRAINT revision_number_once UNIQUE (article_id, number);

ALTER TABLE ONLY public.sources_revision
    ADD CONSTRAINT revision_text_once UNIQUE (article_id, sha256);

ALTER TABLE ONLY public.claims_sampleditem
    ADD CONSTRAINT sampled_once UNIQUE (kind, row_id);

ALTER TABLE ONLY public.claims_sentence
    ADD CONSTRAINT sentence_read_once UNIQUE (statement_id, model);

ALTER TABLE ONLY public.config_sighting
    ADD CONSTRAINT sighting_once UNIQUE (role, name);

ALTER TABLE ONLY public.sources_snapshot
    ADD CONSTRAINT snapshot_once UNIQUE (article_id, sha256);

ALTER TABLE ONLY public.sources_article
    ADD CONSTRAINT sources_article_current_revision_id_key UNIQUE (current_revision_id);

ALTER TABLE ONLY public.sources_article
    ADD CONSTRAINT sources_article_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sources_article
    ADD CONSTRAINT sources_article_uid_key UNIQUE (uid);

ALTER TABLE ONLY public.sources_articleevent
    ADD CONSTRAINT sources_articleevent_pkey PRIMARY KEY (pgh_id);

ALTER TABLE ONLY public.sources_derivation
    ADD CONSTRAINT sources_derivation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sources_derivation
    ADD CONSTRAINT sources_derivation_uid_key UNIQUE (uid);

ALTER TABLE ONLY public.sources_derivationevent
    ADD CONSTRAINT sources_derivationevent_pkey PRIMARY KEY (pgh_id);

ALTER TABLE ONLY public.sources_derivationspan
    ADD CONSTRAINT sources_derivationspan_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sources_feed
    ADD CONSTRAINT sources_feed_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sources_feed
    ADD CONSTRAINT sources_feed_uid_key UNIQUE (uid);

ALTER TABLE ONLY public.sources_feed
    ADD CONSTRAINT sources_feed_url_key UNIQUE (url);

ALTER TABLE ONLY public.sources_fingerprint
    ADD CONSTRAINT sources_fingerprint_article_id_key UNIQUE (article_id);

ALTER TABLE ONLY public.sources_fingerprint
    ADD CONSTRAINT sources_fingerprint_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sources_fingerprint
    ADD CONSTRAINT sources_fingerprint_revision_id_key UNIQUE (revision_id);

ALTER TABLE ONLY public.sources_host
    ADD CONSTRAINT sources_host_name_key UNIQUE (name);

ALTER TABLE ONLY public.sources_host
    ADD CONSTRAINT sources_host_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sources_importitem
    ADD CONSTRAINT sources_importitem_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sources_importrun
    ADD CONSTRAINT sources_importrun_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sources_importrun
    ADD CONSTRAINT sources_importrun_uid_key UNIQUE (uid);

ALTER TABLE ONLY public.sources_outlet
    ADD CONSTRAINT sources_outlet_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sources_outlet
    ADD CONSTRAINT sources_outlet_slug_key UNIQUE (slug);

ALTER TABLE ONLY public.sources_outlet
    ADD CONSTRAINT sources_outlet_uid_key UNIQUE (uid);

ALTER TABLE ONLY public.sources_outletalias
    ADD CONSTRAINT sources_outletalias_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sources_outletaliasevent
    ADD CONSTRAINT sources_outletaliasevent_pkey PRIMARY KEY (pgh_id);

ALTER TABLE ONLY public.sources_outletdomain
    ADD CONSTRAINT sources_outletdomain_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sources_outletdomainevent
    ADD CONSTRAINT sources_outletdomainevent_pkey PRIMARY KEY (pgh_id);

ALTER TABLE ONLY public.sources_outletevent
    ADD CONSTRAINT sources_outletevent_pkey PRIMARY KEY (pgh_id);

ALTER TABLE ONLY public.sources_outletmerge
    ADD CONSTRAINT sources_outletmerge_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sources_revision
    ADD CONSTRAINT sources_revision_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sources_revision
    ADD CONSTRAINT sources_revision_uid_key UNIQUE (uid);

ALTER TABLE ONLY public.sources_snapshot
    ADD CONSTRAINT sources_snapshot_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sources_snapshot
    ADD CONSTRAINT sources_snapshot_uid_key UNIQUE (uid);

ALTER TABLE ONLY public.claims_statement
    ADD CONSTRAINT statement_content_once UNIQUE (revision_id, content_key);

ALTER TABLE ONLY public.claims_statementrelay
    ADD CONSTRAINT statement_relay_once UNIQUE (statement_id, outlet_id, hop);

ALTER TABLE ONLY public.claims_statementspan
    ADD CONSTRAINT statement_span_once UNIQUE (statement_id, role, start);

ALTER TABLE ONLY public.usersessions_usersession
    ADD CONSTRAINT usersessions_usersession_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.usersessions_usersession
    ADD CONSTRAINT usersessions_usersession_session_key_key UNIQUE (session_key);

CREATE INDEX account_emailaddress_email_03be32b2 ON public.account_emailaddress USING btree (email);

CREATE INDEX account_emailaddress_email_03be32b2_like ON public.account_emailaddress USING btree (email varchar_pattern_ops);

CREATE INDEX account_emailaddress_user_id_2c513194 ON public.account_emailaddress USING btree (user_id);

CREATE INDEX account_emailconfirmation_email_address_id_5b7f8c58 ON public.account_emailconfirmation USING btree (email_address_id);

CREATE INDEX account_emailconfirmation_key_f43612bd_like ON public.account_emailconfirmation USING btree (key varchar_pattern_ops);

CREATE INDEX accounts_invitation_account_id_8e9dd036 ON public.accounts_invitation USING btree (account_id);

CREATE INDEX accounts_invitation_invited_by_id_94a21efc ON public.accounts_invitation USING btree (invited_by_id);

CREATE INDEX accounts_invitation_revoked_by_id_806da05d ON public.accounts_invitation USING btree (revoked_by_id);

CREATE INDEX accounts_token_digest_0eb24d7b_like ON public.accounts_token USING btree (digest varchar_pattern_ops);

CREATE INDEX accounts_token_revoked_by_id_e75eed71 ON public.accounts_token USING btree (revoked_by_id);

CREATE INDEX accounts_token_user_id_82a3a2c8 ON public.accounts_token USING btree (user_id);

CREATE INDEX article_external_id ON public.sources_article USING btree (external_id) WHERE (NOT ((external_id)::text = ''::text));

CREATE INDEX article_in_language_newest ON public.sources_article USING btree (language, published_at DESC NULLS LAST, id DESC);

CREATE INDEX article_newest ON public.sources_article USING btree (published_at DESC NULLS LAST, id DESC);

CREATE INDEX article_of_outlet_newest ON public.sources_article USING btree (outlet_id, published_at DESC NULLS LAST, id DESC);

CREATE INDEX article_title_trigrams ON public.sources_article USING gin (upper((title)::text) public.gin_trgm_ops);

CREATE INDEX attribution_decided ON public.claims_attribution USING btree (decided_at) WHERE (decided_at IS NOT NULL);

CREATE INDEX attribution_decided_by ON public.claims_attribution USING btree (decided_by_id) WHERE (decided_by_id IS NOT NULL);

CREATE INDEX attribution_not_counted ON public.claims_attribution USING btree (claim_id) WHERE ((status)::text = ANY ((ARRAY['rejected'::character varying, 'unsure'::character varying])::text[]));

CREATE INDEX attribution_of_claim ON public.claims_attribution USING btree (claim_id, id);

CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group USING btree (name varchar_pattern_ops);

CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);

CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);

CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);

CREATE INDEX auth_user_groups_group_id_97559544 ON public.auth_user_groups USING btree (group_id);

CREATE INDEX auth_user_groups_user_id_6a12ed8b ON public.auth_user_groups USING btree (user_id);

CREATE INDEX auth_user_user_permissions_permission_id_1fbb5f2c ON public.auth_user_user_permissions USING btree (permission_id);

CREATE INDEX auth_user_user_permissions_user_id_a95ead1b ON public.auth_user_user_permissions USING btree (user_id);

CREATE INDEX auth_user_username_6821ab7c_like ON public.auth_user USING btree (username varchar_pattern_ops);

CREATE INDEX claim_conflict_open ON public.claims_claimconflict USING btree (found_at DESC, id DESC) WHERE (settled_at IS NULL);

CREATE INDEX claim_link_to_decide ON public.claims_claimlink USING btree (status, kind, score DESC);

CREATE UNIQUE INDEX claim_merged_once ON public.claims_claimmerge USING btree (claim_id) WHERE (undone_at IS NULL);

CREATE INDEX claim_newest ON public.claims_claim USING btree (created_at DESC, id DESC);

CREATE INDEX claim_of_speaker ON public.claims_claim USING btree (speaker_id, id DESC);

CREATE INDEX claim_text_trigrams ON public.claims_claim USING gin (upper(text) public.gin_trgm_ops);

CREATE INDEX claim_topic_newest ON public.claims_claimtopic USING btree (topic_id, claim_id DESC);

CREATE INDEX claims_annotation_editor_id_ed70523d ON public.claims_annotation USING btree (editor_id);

CREATE INDEX claims_annotation_item_id_15f435e1 ON public.claims_annotation USING btree (item_id);

CREATE INDEX claims_attributionevent_claim_id_e6c38909 ON public.claims_attributionevent USING btree (claim_id);

CREATE INDEX claims_attributionevent_pgh_context_id_3d18008e ON public.claims_attributionevent USING btree (pgh_context_id);

CREATE INDEX claims_attributionevent_pgh_obj_id_9bea6353 ON public.claims_attributionevent USING btree (pgh_obj_id);

CREATE INDEX claims_attributionevent_statement_id_3a0261f7 ON public.claims_attributionevent USING btree (statement_id);

CREATE INDEX claims_claim_merged_into_id_d79e2df0 ON public.claims_claim USING btree (merged_into_id);

CREATE INDEX claims_claim_speaker_id_e031226b ON public.claims_claim USING btree (speaker_id);

CREATE INDEX claims_claim_text_by_id_a9a8109c ON public.claims_claim USING btree (text_by_id);

CREATE INDEX claims_claimconflict_claim_id_ed3f9ed9 ON public.claims_claimconflict USING btree (claim_id);

CREATE INDEX claims_claimconflict_other_id_8860257f ON public.claims_claimconflict USING btree (other_id);

CREATE INDEX claims_claimconflict_settled_by_id_16b4cac0 ON public.claims_claimconflict USING btree (settled_by_id);

CREATE INDEX claims_claimconflict_statement_id_78c1f929 ON public.claims_claimconflict USING btree (statement_id);

CREATE INDEX claims_claimevent_merged_into_id_f12659f4 ON public.claims_claimevent USING btree (merged_into_id);

CREATE INDEX claims_claimevent_pgh_context_id_4118ff06 ON public.claims_claimevent USING btree (pgh_context_id);

CREATE INDEX claims_claimevent_pgh_obj_id_a7b94453 ON public.claims_claimevent USING btree (pgh_obj_id);

CREATE INDEX claims_claimevent_speaker_id_a0b695ed ON public.claims_claimevent USING btree (speaker_id);

CREATE INDEX claims_claimevent_text_by_id_4a13ba7c ON public.claims_claimevent USING btree (text_by_id);

CREATE INDEX claims_claimevent_topics_by_id_697b8e8d ON public.claims_claimevent USING btree (topics_by_id);

CREATE INDEX claims_claimlink_claim_id_1e5d9c53 ON public.claims_claimlink USING btree (claim_id);

CREATE INDEX claims_claimlink_decided_by_id_02373f5c ON public.claims_claimlink USING btree (decided_by_id);

CREATE INDEX claims_claimlink_other_id_00ea380c ON public.claims_claimlink USING btree (other_id);

CREATE INDEX claims_claimlinkevent_claim_id_7cd65498 ON public.claims_claimlinkevent USING btree (claim_id);

CREATE INDEX claims_claimlinkevent_decided_by_id_f9e05733 ON public.claims_claimlinkevent USING btree (decided_by_id);

CREATE INDEX claims_claimlinkevent_other_id_f23a7af2 ON public.claims_claimlinkevent USING btree (other_id);

CREATE INDEX claims_claimlinkevent_pgh_context_id_45e35a11 ON public.claims_claimlinkevent USING btree (pgh_context_id);

CREATE INDEX claims_claimlinkevent_pgh_obj_id_e0ad54ac ON public.claims_claimlinkevent USING btree (pgh_obj_id);

CREATE INDEX claims_claimmerge_claim_id_22bfeffe ON public.claims_claimmerge USING btree (claim_id);

CREATE INDEX claims_claimmerge_into_id_4032a141 ON public.claims_claimmerge USING btree (into_id);

CREATE INDEX claims_claimmerge_merged_by_id_3daf112b ON public.claims_claimmerge USING btree (merged_by_id);

CREATE INDEX claims_claimmerge_undone_by_id_53e063ee ON public.claims_claimmerge USING btree (undone_by_id);

CREATE INDEX claims_claimtopic_claim_id_5c18bacf ON public.claims_claimtopic USING btree (claim_id);

CREATE INDEX claims_claimtopic_topic_id_2e7fcf57 ON public.claims_claimtopic USING btree (topic_id);

CREATE INDEX claims_claimtopicevent_claim_id_55883766 ON public.claims_claimtopicevent USING btree (claim_id);

CREATE INDEX claims_claimtopicevent_pgh_context_id_343f4d06 ON public.claims_claimtopicevent USING btree (pgh_context_id);

CREATE INDEX claims_claimtopicevent_pgh_obj_id_164eacf3 ON public.claims_claimtopicevent USING btree (pgh_obj_id);

CREATE INDEX claims_claimtopicevent_topic_id_61af5b1a ON public.claims_claimtopicevent USING btree (topic_id);

CREATE INDEX claims_corroboration_claim_id_dbd5b5c9 ON public.claims_corroboration USING btree (claim_id);

CREATE INDEX claims_corroboration_origins_corroboration_id_fac711a1 ON public.claims_corroboration_origins USING btree (corroboration_id);

CREATE INDEX claims_corroboration_origins_outlet_id_5bd683a8 ON public.claims_corroboration_origins USING btree (outlet_id);

CREATE INDEX claims_corroboration_outlets_corroboration_id_f5651246 ON public.claims_corroboration_outlets USING btree (corroboration_id);

CREATE INDEX claims_corroboration_outlets_outlet_id_13e6b277 ON public.claims_corroboration_outlets USING btree (outlet_id);

CREATE INDEX claims_decision_claim_id_33c61357 ON public.claims_decision USING btree (claim_id);

CREATE INDEX claims_decision_decided_by_id_25c75a83 ON public.claims_decision USING btree (decided_by_id);

CREATE INDEX claims_decision_to_id_ea1aebd2 ON public.claims_decision USING btree (to_id);

CREATE INDEX claims_decision_undone_by_id_98677568 ON public.claims_decision USING btree (undone_by_id);

CREATE INDEX claims_deskaction_editor_id_fcbf13a6 ON public.claims_deskaction USING btree (editor_id);

CREATE INDEX claims_extraction_revision_id_0b2fb091 ON public.claims_extraction USING btree (revision_id);

CREATE INDEX claims_extractorversion_version_42608093_like ON public.claims_extractorversion USING btree (version varchar_pattern_ops);

CREATE INDEX claims_flag_attribution_id_87cfe3a8 ON public.claims_flag USING btree (attribution_id);

CREATE INDEX claims_flag_claim_id_71a914d5 ON public.claims_flag USING btree (claim_id);

CREATE INDEX claims_flag_settled_by_id_42dc86ad ON public.claims_flag USING btree (settled_by_id);

CREATE INDEX claims_flag_statement_id_332c08b9 ON public.claims_flag USING btree (statement_id);

CREATE INDEX claims_flagevent_attribution_id_f3c45ae8 ON public.claims_flagevent USING btree (attribution_id);

CREATE INDEX claims_flagevent_claim_id_181a5ed5 ON public.claims_flagevent USING btree (claim_id);

CREATE INDEX claims_flagevent_pgh_context_id_428c4d83 ON public.claims_flagevent USING btree (pgh_context_id);

CREATE INDEX claims_flagevent_pgh_obj_id_51ac2f57 ON public.claims_flagevent USING btree (pgh_obj_id);

CREATE INDEX claims_flagevent_settled_by_id_2b3713c6 ON public.claims_flagevent USING btree (settled_by_id);

CREATE INDEX claims_flagevent_statement_id_017e5c01 ON public.claims_flagevent USING btree (statement_id);

CREATE INDEX claims_idempotentanswer_stored_at_0d4ae50e ON public.claims_idempotentanswer USING btree (stored_at);

CREATE INDEX claims_note_attribution_id_c9eab9ab ON public.claims_note USING btree (attribution_id);

CREATE INDEX claims_note_claim_id_cf8cb56a ON public.claims_note USING btree (claim_id);

CREATE INDEX claims_note_statement_id_9d139184 ON public.claims_note USING btree (statement_id);

CREATE INDEX claims_note_written_by_id_8a61c9bf ON public.claims_note USING btree (written_by_id);

CREATE INDEX claims_noteevent_attribution_id_00db81e5 ON public.claims_noteevent USING btree (attribution_id);

CREATE INDEX claims_noteevent_claim_id_acae2e0b ON public.claims_noteevent USING btree (claim_id);

CREATE INDEX claims_noteevent_pgh_context_id_9fc425a8 ON public.claims_noteevent USING btree (pgh_context_id);

CREATE INDEX claims_noteevent_pgh_obj_id_1f22e0e4 ON public.claims_noteevent USING btree (pgh_obj_id);

CREATE INDEX claims_noteevent_statement_id_c965bb6c ON public.claims_noteevent USING btree (statement_id);

CREATE INDEX claims_noteevent_written_by_id_0d8b230a ON public.claims_noteevent USING btree (written_by_id);

CREATE INDEX claims_outletpair_other_id_5d387c33 ON public.claims_outletpair USING btree (other_id);

CREATE INDEX claims_outlettally_outlet_id_5da95ed7 ON public.claims_outlettally USING btree (outlet_id);

CREATE INDEX claims_reviewitem_claim_id_3aa7d995 ON public.claims_reviewitem USING btree (claim_id);

CREATE INDEX claims_reviewitem_leased_by_id_244c7698 ON public.claims_reviewitem USING btree (leased_by_id);

CREATE INDEX claims_reviewitem_other_id_3d88b9dd ON public.claims_reviewitem USING btree (other_id);

CREATE INDEX claims_reviewpass_editor_id_d13408f7 ON public.claims_reviewpass USING btree (editor_id);

CREATE INDEX claims_reviewpass_item_id_292cab53 ON public.claims_reviewpass USING btree (item_id);

CREATE INDEX claims_sampleditem_adjudicated_by_id_066f6260 ON public.claims_sampleditem USING btree (adjudicated_by_id);

CREATE INDEX claims_sampleditem_claim_id_01ad80ec ON public.claims_sampleditem USING btree (claim_id);

CREATE INDEX claims_sentence_statement_id_9b31a5ba ON public.claims_sentence USING btree (statement_id);

CREATE INDEX claims_speaker_merged_into_id_07020b03 ON public.claims_speaker USING btree (merged_into_id);

CREATE INDEX claims_speaker_represents_id_8368567e ON public.claims_speaker USING btree (represents_id);

CREATE INDEX claims_speakeralias_speaker_id_e3b3aa87 ON public.claims_speakeralias USING btree (speaker_id);

CREATE INDEX claims_speakeraliasevent_pgh_context_id_29e914ac ON public.claims_speakeraliasevent USING btree (pgh_context_id);

CREATE INDEX claims_speakeraliasevent_pgh_obj_id_c66d6d50 ON public.claims_speakeraliasevent USING btree (pgh_obj_id);

CREATE INDEX claims_speakeraliasevent_speaker_id_52c5f716 ON public.claims_speakeraliasevent USING btree (speaker_id);

CREATE INDEX claims_speakerevent_edited_by_id_db26ff7c ON public.claims_speakerevent USING btree (edited_by_id);

CREATE INDEX claims_speakerevent_merged_into_id_a9b5f3f4 ON public.claims_speakerevent USING btree (merged_into_id);

CREATE INDEX claims_speakerevent_pgh_context_id_dfafdabe ON public.claims_speakerevent USING btree (pgh_context_id);

CREATE INDEX claims_speakerevent_pgh_obj_id_cc30d701 ON public.claims_speakerevent USING btree (pgh_obj_id);

CREATE INDEX claims_speakerevent_represents_id_0bd2e6cb ON public.claims_speakerevent USING btree (represents_id);

CREATE INDEX claims_speakermerge_into_id_b816b997 ON public.claims_speakermerge USING btree (into_id);

CREATE INDEX claims_speakermerge_merged_by_id_0a3510a0 ON public.claims_speakermerge USING btree (merged_by_id);

CREATE INDEX claims_speakermerge_speaker_id_dfb51a8c ON public.claims_speakermerge USING btree (speaker_id);

CREATE INDEX claims_speakermerge_undone_by_id_6bf5b12d ON public.claims_speakermerge USING btree (undone_by_id);

CREATE INDEX claims_statement_speaker_id_8de2da16 ON public.claims_statement USING btree (speaker_id);

CREATE INDEX claims_statementchange_made_by_id_c35cb8ab ON public.claims_statementchange USING btree (made_by_id);

CREATE INDEX claims_statementchange_statement_id_a43de039 ON public.claims_statementchange USING btree (statement_id);

CREATE INDEX claims_statementchange_undone_by_id_22f92b1c ON public.claims_statementchange USING btree (undone_by_id);

CREATE INDEX claims_statementevent_pgh_context_id_8a60318d ON public.claims_statementevent USING btree (pgh_context_id);

CREATE INDEX claims_statementevent_pgh_obj_id_e8d5ff65 ON public.claims_statementevent USING btree (pgh_obj_id);

CREATE INDEX claims_statementrelay_outlet_id_8e843943 ON public.claims_statementrelay USING btree (outlet_id);

CREATE INDEX claims_statementrelay_statement_id_4bdaffab ON public.claims_statementrelay USING btree (statement_id);

CREATE INDEX claims_statementrelayevent_outlet_id_ae0ff56f ON public.claims_statementrelayevent USING btree (outlet_id);

CREATE INDEX claims_statementrelayevent_pgh_context_id_a13ec84d ON public.claims_statementrelayevent USING btree (pgh_context_id);

CREATE INDEX claims_statementrelayevent_pgh_obj_id_84ac0a5d ON public.claims_statementrelayevent USING btree (pgh_obj_id);

CREATE INDEX claims_statementrelayevent_statement_id_d9c1bd36 ON public.claims_statementrelayevent USING btree (statement_id);

CREATE INDEX claims_topic_slug_b06ef346_like ON public.claims_topic USING btree (slug varchar_pattern_ops);

CREATE INDEX claims_topicevent_pgh_context_id_7c6b6244 ON public.claims_topicevent USING btree (pgh_context_id);

CREATE INDEX claims_topicevent_pgh_obj_id_26de2957 ON public.claims_topicevent USING btree (pgh_obj_id);

CREATE INDEX config_tasktotal_task_4304064a_like ON public.config_tasktotal USING btree (task varchar_pattern_ops);

CREATE INDEX corroboration_due_claim ON public.claims_corroborationdue USING btree (row_id) WHERE ((kind)::text = 'claim'::text);

CREATE INDEX corroboration_due_wide ON public.claims_corroborationdue USING btree (id) WHERE (NOT ((kind)::text = 'claim'::text));

CREATE INDEX corroboration_most ON public.claims_corroboration USING btree (basis, origin_count DESC, outlet_count DESC, claim_id);

CREATE INDEX corroboration_newest ON public.claims_corroboration USING btree (basis, first_published_at DESC NULLS LAST, claim_id DESC) WHERE ((outlet_count > 0) OR disputed);

CREATE INDEX coverage_first ON public.claims_coverage USING btree (outlet_id, published_at DESC NULLS LAST, claim_id DESC) WHERE is_first;

CREATE INDEX coverage_newest ON public.claims_coverage USING btree (outlet_id, published_at DESC NULLS LAST, claim_id DESC) WHERE (affirming > 0);

CREATE INDEX coverage_unread ON public.claims_coverage USING btree (claim_id) WHERE ((affirming > 0) AND ((worded)::text = ''::text));

CREATE INDEX delivery_due ON public.notices_delivery USING btree (next_attempt_at, id) WHERE ((state)::text = 'waiting'::text);

CREATE INDEX delivery_newest ON public.notices_delivery USING btree (webhook_id, id DESC);

CREATE INDEX derivation_from_outlet ON public.sources_derivation USING btree (upstream_outlet_id, id DESC);

CREATE INDEX desk_action_latest ON public.claims_deskaction USING btree (editor_id, done_at DESC);

CREATE INDEX django_admin_log_content_type_id_c4bce8eb ON public.django_admin_log USING btree (content_type_id);

CREATE INDEX django_admin_log_user_id_c564eba6 ON public.django_admin_log USING btree (user_id);

CREATE INDEX django_cache_expires ON public.django_cache USING btree (expires);

CREATE INDEX django_session_expire_date_a5c62663 ON public.django_session USING btree (expire_date);

CREATE INDEX django_session_session_key_c0390e0f_like ON public.django_session USING btree (session_key varchar_pattern_ops);

CREATE INDEX event_waiting ON public.notices_event USING btree (id) WHERE waiting;

CREATE INDEX extraction_failed ON public.claims_extraction USING btree (updated_at DESC, id DESC) WHERE ((state)::text = 'failed'::text);

CREATE INDEX extraction_unmatched ON public.claims_extraction USING btree (id) WHERE ((state)::text = 'extracted'::text);

CREATE INDEX facet_most ON public.claims_facetcount USING btree (basis, kind, claims DESC);

CREATE INDEX fingerprint_hashes ON public.sources_fingerprint USING gin (hashes public.gin__int_ops) WITH (fastupdate=off);

CREATE INDEX flag_open ON public.claims_flag USING btree (id) WHERE (settled_at IS NULL);

CREATE INDEX import_item_crashed ON public.sources_importitem USING btree (finished_at DESC, id DESC) WHERE (((state)::text = 'failed'::text) AND (NOT (traceback = ''::text)));

CREATE INDEX import_item_failed ON public.sources_importitem USING btree (finished_at DESC, id DESC) WHERE ((state)::text = 'failed'::text);

CREATE INDEX import_item_needs_look ON public.sources_importitem USING btree (run_id, "position") WHERE needs_look;

CREATE INDEX import_item_pending ON public.sources_importitem USING btree (priority DESC, attempts, id) WHERE ((state)::text = 'pending'::text);

CREATE INDEX import_run_being_read ON public.sources_importrun USING btree (heard_of_at) WHERE (read_at IS NULL);

CREATE INDEX import_run_newest ON public.sources_importrun USING btree (created_at DESC, id DESC);

CREATE INDEX import_run_of_feed ON public.sources_importrun USING btree (feed_id, id DESC) WHERE (feed_id IS NOT NULL);

CREATE UNIQUE INDEX invitation_one_unanswered_for_each_address ON public.accounts_invitation USING btree (lower((email)::text)) WHERE ((accepted_at IS NULL) AND (revoked_at IS NULL));

CREATE INDEX listed_stem ON public.claims_listedword USING btree (stem);

CREATE INDEX listed_word ON public.claims_listedword USING btree (word varchar_pattern_ops);

CREATE INDEX listed_word_trigrams ON public.claims_listedword USING gin (word public.gin_trgm_ops);

CREATE INDEX listing_most ON public.claims_listing USING btree (basis, origin_count, outlet_count, published_at, claim_id);

CREATE INDEX listing_newest ON public.claims_listing USING btree (basis, published_at, claim_id);

CREATE INDEX listing_search ON public.claims_listing USING gin (search, facets);

CREATE INDEX mfa_authenticator_user_id_0c3a50c0 ON public.mfa_authenticator USING btree (user_id);

CREATE INDEX notices_delivery_event_id_85078cb9 ON public.notices_delivery USING btree (event_id);

CREATE INDEX notices_webhook_claim_id_d3098be6 ON public.notices_webhook USING btree (claim_id);

CREATE INDEX notices_webhook_owner_id_0e6edbf3 ON public.notices_webhook USING btree (owner_id);

CREATE INDEX notices_webhook_speaker_id_571bea45 ON public.notices_webhook USING btree (speaker_id);

CREATE INDEX notices_webhook_topic_id_a86609d8 ON public.notices_webhook USING btree (topic_id);

CREATE UNIQUE INDEX outlet_alias_once ON public.sources_outletalias USING btree (lower((name)::text));

CREATE UNIQUE INDEX outlet_domain_once ON public.sources_outletdomain USING btree (lower((domain)::text));

CREATE UNIQUE INDEX outlet_merged_once ON public.sources_outletmerge USING btree (outlet_id) WHERE (undone_at IS NULL);

CREATE UNIQUE INDEX outlet_name_once ON public.sources_outlet USING btree (lower((name)::text));

CREATE INDEX outlet_pair ON public.claims_outletpair USING btree (outlet_id, other_id);

CREATE INDEX outlet_pair_to_fold ON public.claims_outletpair USING btree (id) WHERE (NOT folded);

CREATE INDEX outlet_tally_to_fold ON public.claims_outlettally USING btree (id) WHERE (NOT folded);

CREATE INDEX pghistory_context_by_machines ON public.pghistory_context USING btree (created_at DESC, id DESC) WHERE ((metadata ->> 'user'::text) IS NULL);

CREATE INDEX pghistory_context_by_people ON public.pghistory_context USING btree (created_at DESC, id DESC) WHERE ((metadata ->> 'user'::text) IS NOT NULL);

CREATE INDEX pghistory_context_by_user ON public.pghistory_context USING btree (((metadata ->> 'user'::text)), created_at DESC, id DESC) WHERE ((metadata ->> 'user'::text) IS NOT NULL);

CREATE INDEX reading_due_next ON public.claims_readingdue USING btree (again, begun, revision_id);

CREATE INDEX review_item_next ON public.claims_reviewitem USING btree (priority DESC, id);

CREATE INDEX review_item_next_of_kind ON public.claims_reviewitem USING btree (kind, priority DESC, id);

CREATE INDEX revision_words ON public.sources_revision USING gin (to_tsvector('simple'::regconfig, COALESCE("left"(text, 150000), ''::text)));

CREATE INDEX sampled_of_state ON public.claims_sampleditem USING btree (state, id);

CREATE INDEX sources_article_outlet_id_b4ed958b ON public.sources_article USING btree (outlet_id);

CREATE INDEX sources_articleevent_current_revision_id_2fc4d9f8 ON public.sources_articleevent USING btree (current_revision_id);

CREATE INDEX sources_articleevent_outlet_id_41546c35 ON public.sources_articleevent USING btree (outlet_id);

CREATE INDEX sources_articleevent_pgh_context_id_df48a617 ON public.sources_articleevent USING btree (pgh_context_id);

CREATE INDEX sources_articleevent_pgh_obj_id_4e3819da ON public.sources_articleevent USING btree (pgh_obj_id);

CREATE INDEX sources_derivation_article_id_df32fd6f ON public.sources_derivation USING btree (article_id);

CREATE INDEX sources_derivation_decided_by_id_e732924f ON public.sources_derivation USING btree (decided_by_id);

CREATE INDEX sources_derivation_revision_id_7570ce6e ON public.sources_derivation USING btree (revision_id);

CREATE INDEX sources_derivation_upstream_article_id_9f9b46ae ON public.sources_derivation USING btree (upstream_article_id);

CREATE INDEX sources_derivation_upstream_outlet_id_9f74c105 ON public.sources_derivation USING btree (upstream_outlet_id);

CREATE INDEX sources_derivationevent_article_id_1c59a5fb ON public.sources_derivationevent USING btree (article_id);

CREATE INDEX sources_derivationevent_decided_by_id_1b9bceb8 ON public.sources_derivationevent USING btree (decided_by_id);

CREATE INDEX sources_derivationevent_pgh_context_id_085efa25 ON public.sources_derivationevent USING btree (pgh_context_id);

CREATE INDEX sources_derivationevent_pgh_obj_id_a97ee9ab ON public.sources_derivationevent USING btree (pgh_obj_id);

CREATE INDEX sources_derivationevent_revision_id_a80c0a7a ON public.sources_derivationevent USING btree (revision_id);

CREATE INDEX sources_derivationevent_upstream_article_id_8138202b ON public.sources_derivationevent USING btree (upstream_article_id);

CREATE INDEX sources_derivationevent_upstream_outlet_id_b075e821 ON public.sources_derivationevent USING btree (upstream_outlet_id);

CREATE INDEX sources_derivationspan_derivation_id_04e5f3b4 ON public.sources_derivationspan USING btree (derivation_id);

CREATE INDEX sources_derivationspan_upstream_revision_id_16f87929 ON public.sources_derivationspan USING btree (upstream_revision_id);

CREATE INDEX sources_feed_outlet_id_fef227de ON public.sources_feed USING btree (outlet_id);

CREATE INDEX sources_feed_url_c5ba4ec6_like ON public.sources_feed USING btree (url varchar_pattern_ops);

CREATE INDEX sources_host_name_0b66a81f_like ON public.sources_host USING btree (name varchar_pattern_ops);

CREATE INDEX sources_importitem_article_id_abd6c8a1 ON public.sources_importitem USING btree (article_id);

CREATE INDEX sources_importitem_looked_by_id_a239b3fd ON public.sources_importitem USING btree (looked_by_id);

CREATE INDEX sources_importitem_run_id_82b53628 ON public.sources_importitem USING btree (run_id);

CREATE INDEX sources_importrun_feed_id_ec5b14c6 ON public.sources_importrun USING btree (feed_id);

CREATE INDEX sources_importrun_requested_by_id_205f310c ON public.sources_importrun USING btree (requested_by_id);

CREATE INDEX sources_outlet_merged_into_id_4b2e0aec ON public.sources_outlet USING btree (merged_into_id);

CREATE INDEX sources_outlet_owner_id_237f2376 ON public.sources_outlet USING btree (owner_id);

CREATE INDEX sources_outlet_slug_d3736fff_like ON public.sources_outlet USING btree (slug varchar_pattern_ops);

CREATE INDEX sources_outletalias_outlet_id_3f3e3a28 ON public.sources_outletalias USING btree (outlet_id);

CREATE INDEX sources_outletaliasevent_outlet_id_1b22b93a ON public.sources_outletaliasevent USING btree (outlet_id);

CREATE INDEX sources_outletaliasevent_pgh_context_id_bd28d8f2 ON public.sources_outletaliasevent USING btree (pgh_context_id);

CREATE INDEX sources_outletaliasevent_pgh_obj_id_3b175fd9 ON public.sources_outletaliasevent USING btree (pgh_obj_id);

CREATE INDEX sources_outletdomain_outlet_id_a25c1034 ON public.sources_outletdomain USING btree (outlet_id);

CREATE INDEX sources_outletdomainevent_outlet_id_cd5d5265 ON public.sources_outletdomainevent USING btree (outlet_id);

CREATE INDEX sources_outletdomainevent_pgh_context_id_8abec009 ON public.sources_outletdomainevent USING btree (pgh_context_id);

CREATE INDEX sources_outletdomainevent_pgh_obj_id_07ab608e ON public.sources_outletdomainevent USING btree (pgh_obj_id);

CREATE INDEX sources_outletevent_merged_into_id_42a23f39 ON public.sources_outletevent USING btree (merged_into_id);

CREATE INDEX sources_outletevent_owner_id_ef970f36 ON public.sources_outletevent USING btree (owner_id);

CREATE INDEX sources_outletevent_pgh_context_id_1c14ffab ON public.sources_outletevent USING btree (pgh_context_id);

CREATE INDEX sources_outletevent_pgh_obj_id_ed1fe550 ON public.sources_outletevent USING btree (pgh_obj_id);

CREATE INDEX sources_outletmerge_into_id_f92df9ac ON public.sources_outletmerge USING btree (into_id);

CREATE INDEX sources_outletmerge_merged_by_id_e0606050 ON public.sources_outletmerge USING btree (merged_by_id);

CREATE INDEX sources_outletmerge_outlet_id_3349ee5f ON public.sources_outletmerge USING btree (outlet_id);

CREATE INDEX sources_outletmerge_undone_by_id_ebf37649 ON public.sources_outletmerge USING btree (undone_by_id);

CREATE INDEX sources_revision_article_id_4fcf02a7 ON public.sources_revision USING btree (article_id);

CREATE INDEX sources_revision_snapshot_id_79117d13 ON public.sources_revision USING btree (snapshot_id);

CREATE INDEX sources_snapshot_article_id_db8f8f35 ON public.sources_snapshot USING btree (article_id);

CREATE INDEX speaker_alias_key ON public.claims_speakeralias USING btree (key);

CREATE UNIQUE INDEX speaker_alias_once ON public.claims_speakeralias USING btree (lower((name)::text));

CREATE UNIQUE INDEX speaker_merged_once ON public.claims_speakermerge USING btree (speaker_id) WHERE (undone_at IS NULL);

CREATE INDEX statement_not_said ON public.claims_statement USING btree (speaker_id, id DESC) WHERE negated;

CREATE INDEX statement_orphaned ON public.claims_statement USING btree (orphaned_at) WHERE (orphaned_at IS NOT NULL);

CREATE INDEX statement_relay_of_outlet ON public.claims_statementrelay USING btree (outlet_id, id DESC);

CREATE INDEX token_of_user ON public.accounts_token USING btree (user_id, made_at DESC);

CREATE UNIQUE INDEX unique_authenticator_type ON public.mfa_authenticator USING btree (user_id, type) WHERE ((type)::text = ANY ((ARRAY['totp'::character varying, 'recovery_codes'::character varying])::text[]));

CREATE UNIQUE INDEX unique_primary_email ON public.account_emailaddress USING btree (user_id, "primary") WHERE "primary";

CREATE UNIQUE INDEX unique_verified_email ON public.account_emailaddress USING btree (email) WHERE verified;

CREATE INDEX usersessions_usersession_session_key_fd35de43_like ON public.usersessions_usersession USING btree (session_key varchar_pattern_ops);

CREATE INDEX usersessions_usersession_user_id_af5e0a6d ON public.usersessions_usersession USING btree (user_id);

CREATE INDEX wording_of_code ON public.claims_wording USING btree (code, statement_id);

CREATE TRIGGER pgtrigger_append_only_0526f BEFORE DELETE OR UPDATE ON public.sources_articleevent FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_append_only_0526f();

COMMENT ON TRIGGER pgtrigger_append_only_0526f ON public.sources_articleevent IS '5319c4b562bd42ae5c5acd0cca7a95eec4021e4a';

CREATE TRIGGER pgtrigger_append_only_06f90 BEFORE DELETE OR UPDATE ON public.claims_statementrelayevent FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_append_only_06f90();

COMMENT ON TRIGGER pgtrigger_append_only_06f90 ON public.claims_statementrelayevent IS 'e9073651b63b4f36c3c7c69f395b60ec2c08478a';

CREATE TRIGGER pgtrigger_append_only_0df0e BEFORE DELETE OR UPDATE ON public.claims_speakeraliasevent FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_append_only_0df0e();

COMMENT ON TRIGGER pgtrigger_append_only_0df0e ON public.claims_speakeraliasevent IS 'e07165e46e11124cb3d37f6ed9e2df4ef2479206';

CREATE TRIGGER pgtrigger_append_only_34ce9 BEFORE DELETE OR UPDATE ON public.claims_claimlinkevent FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_append_only_34ce9();

COMMENT ON TRIGGER pgtrigger_append_only_34ce9 ON public.claims_claimlinkevent IS '1c6dbbc70ce71219e7b67a279ca6a7127640c1d0';

CREATE TRIGGER pgtrigger_append_only_513c2 BEFORE DELETE OR UPDATE ON public.sources_outletdomainevent FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_append_only_513c2();

COMMENT ON TRIGGER pgtrigger_append_only_513c2 ON public.sources_outletdomainevent IS '250cd4a41c775e7de3b53f47c95c3edddca75be7';

CREATE TRIGGER pgtrigger_append_only_5b50e BEFORE DELETE OR UPDATE ON public.sources_derivationevent FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_append_only_5b50e();

COMMENT ON TRIGGER pgtrigger_append_only_5b50e ON public.sources_derivationevent IS '09f4990a9bdb44d71df433873016263bda74209c';

CREATE TRIGGER pgtrigger_append_only_7eb88 BEFORE DELETE OR UPDATE ON public.claims_topicevent FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_append_only_7eb88();

COMMENT ON TRIGGER pgtrigger_append_only_7eb88 ON public.claims_topicevent IS '23bb4601503dae76b9c311784eb4dceb19884a7e';

CREATE TRIGGER pgtrigger_append_only_8047e BEFORE DELETE OR UPDATE ON public.claims_noteevent FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_append_only_8047e();

COMMENT ON TRIGGER pgtrigger_append_only_8047e ON public.claims_noteevent IS 'ecc000a8e78a2a96042d7991048357b8f68cf719';

CREATE TRIGGER pgtrigger_append_only_9c114 BEFORE DELETE OR UPDATE ON public.claims_speakerevent FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_append_only_9c114();

COMMENT ON TRIGGER pgtrigger_append_only_9c114 ON public.claims_speakerevent IS '4c9d2e5edff8cca0700490bf7be500f6b256b177';

CREATE TRIGGER pgtrigger_append_only_9dd73 BEFORE DELETE OR UPDATE ON public.claims_attributionevent FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_append_only_9dd73();

COMMENT ON TRIGGER pgtrigger_append_only_9dd73 ON public.claims_attributionevent IS '5dea884e8b50b563034be8c1285b262de96e503f';

CREATE TRIGGER pgtrigger_append_only_a2cf2 BEFORE DELETE OR UPDATE ON public.claims_statementevent FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_append_only_a2cf2();

COMMENT ON TRIGGER pgtrigger_append_only_a2cf2 ON public.claims_statementevent IS 'c7eddb168d025cd315c6a16dd8024aa365caf5c6';

CREATE TRIGGER pgtrigger_append_only_aeef3 BEFORE DELETE OR UPDATE ON public.claims_claimevent FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_append_only_aeef3();

COMMENT ON TRIGGER pgtrigger_append_only_aeef3 ON public.claims_claimevent IS '0342f9354d975fc258a2169f5a68f2fcb6b672f7';

CREATE TRIGGER pgtrigger_append_only_cefd0 BEFORE DELETE OR UPDATE ON public.claims_claimtopicevent FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_append_only_cefd0();

COMMENT ON TRIGGER pgtrigger_append_only_cefd0 ON public.claims_claimtopicevent IS '2dbe984367cd4bad8386644b41ce64842d7138ca';

CREATE TRIGGER pgtrigger_append_only_e7bff BEFORE DELETE OR UPDATE ON public.claims_flagevent FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_append_only_e7bff();

COMMENT ON TRIGGER pgtrigger_append_only_e7bff ON public.claims_flagevent IS '18ab49aa7377eb2dfb911509b19484ffc557841a';

CREATE TRIGGER pgtrigger_append_only_eb893 BEFORE DELETE OR UPDATE ON public.sources_outletevent FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_append_only_eb893();

COMMENT ON TRIGGER pgtrigger_append_only_eb893 ON public.sources_outletevent IS '40ba914413488979666306167c1ccc6fdc7da289';

CREATE TRIGGER pgtrigger_append_only_faef5 BEFORE DELETE OR UPDATE ON public.sources_outletaliasevent FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_append_only_faef5();

COMMENT ON TRIGGER pgtrigger_append_only_faef5 ON public.sources_outletaliasevent IS '1de385cd5218dbdac03bfb2e5b80ce33d8d80175';

CREATE TRIGGER pgtrigger_articles_noted_delete_050de AFTER DELETE ON public.sources_derivation REFERENCING OLD TABLE AS old_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_articles_noted_delete_050de();

COMMENT ON TRIGGER pgtrigger_articles_noted_delete_050de ON public.sources_derivation IS 'afd27d4ef2babb6f6454d70117b787766ede4bc2';

CREATE TRIGGER pgtrigger_articles_noted_delete_a5161 AFTER DELETE ON public.sources_derivationspan REFERENCING OLD TABLE AS old_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_articles_noted_delete_a5161();

COMMENT ON TRIGGER pgtrigger_articles_noted_delete_a5161 ON public.sources_derivationspan IS '5350cf8392499c782cab8940657a236acff9bf15';

CREATE TRIGGER pgtrigger_articles_noted_delete_b9508 AFTER DELETE ON public.sources_article REFERENCING OLD TABLE AS old_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_articles_noted_delete_b9508();

COMMENT ON TRIGGER pgtrigger_articles_noted_delete_b9508 ON public.sources_article IS '155de04fbb6cfb5f52bd52a79b73284ddf4fa2f3';

CREATE TRIGGER pgtrigger_articles_noted_insert_1e10f AFTER INSERT ON public.sources_derivation REFERENCING NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_articles_noted_insert_1e10f();

COMMENT ON TRIGGER pgtrigger_articles_noted_insert_1e10f ON public.sources_derivation IS 'cb0055b701fdf7cfaee3f1666567ad7e1261459a';

CREATE TRIGGER pgtrigger_articles_noted_insert_85eea AFTER INSERT ON public.sources_article REFERENCING NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_articles_noted_insert_85eea();

COMMENT ON TRIGGER pgtrigger_articles_noted_insert_85eea ON public.sources_article IS '46b027a3541862219ee071d23d4edbabffa30541';

CREATE TRIGGER pgtrigger_articles_noted_insert_f67b2 AFTER INSERT ON public.sources_derivationspan REFERENCING NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_articles_noted_insert_f67b2();

COMMENT ON TRIGGER pgtrigger_articles_noted_insert_f67b2 ON public.sources_derivationspan IS 'd62dcfe38e25fb0576d187cf15b7e9442bb9f6ea';

CREATE TRIGGER pgtrigger_articles_noted_update_13968 AFTER UPDATE ON public.sources_article REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_articles_noted_update_13968();

COMMENT ON TRIGGER pgtrigger_articles_noted_update_13968 ON public.sources_article IS 'f281492fe167c88815b9d4f70887c4e756aeb5f9';

CREATE TRIGGER pgtrigger_articles_noted_update_6e7e6 AFTER UPDATE ON public.sources_derivation REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_articles_noted_update_6e7e6();

COMMENT ON TRIGGER pgtrigger_articles_noted_update_6e7e6 ON public.sources_derivation IS 'd3d73704b637f108556a96f8ae21385259c44f0e';

CREATE TRIGGER pgtrigger_articles_noted_update_e1fba AFTER UPDATE ON public.sources_derivationspan REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_articles_noted_update_e1fba();

COMMENT ON TRIGGER pgtrigger_articles_noted_update_e1fba ON public.sources_derivationspan IS '2664176908055c6eb5c215dcb057def269340e13';

CREATE TRIGGER pgtrigger_attributions_noted_delete_2c983 AFTER DELETE ON public.claims_attribution REFERENCING OLD TABLE AS old_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_attributions_noted_delete_2c983();

COMMENT ON TRIGGER pgtrigger_attributions_noted_delete_2c983 ON public.claims_attribution IS '8fe292c2049b2e33367e3106597b26642c076cda';

CREATE TRIGGER pgtrigger_attributions_noted_insert_465cf AFTER INSERT ON public.claims_attribution REFERENCING NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_attributions_noted_insert_465cf();

COMMENT ON TRIGGER pgtrigger_attributions_noted_insert_465cf ON public.claims_attribution IS '81a58339bb3bed5462332e57ad51310eb36f5fc9';

CREATE TRIGGER pgtrigger_attributions_noted_update_d3fa1 AFTER UPDATE ON public.claims_attribution REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_attributions_noted_update_d3fa1();

COMMENT ON TRIGGER pgtrigger_attributions_noted_update_d3fa1 ON public.claims_attribution IS 'fc90f6ea844793c07ff1c784b806739f16d022d8';

CREATE TRIGGER pgtrigger_claims_noted_delete_14cf2 AFTER DELETE ON public.claims_claim REFERENCING OLD TABLE AS old_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_claims_noted_delete_14cf2();

COMMENT ON TRIGGER pgtrigger_claims_noted_delete_14cf2 ON public.claims_claim IS '98bb6f407045a20a2d9c36135b6d423b007d2dcc';

CREATE TRIGGER pgtrigger_claims_noted_delete_2f6e9 AFTER DELETE ON public.claims_corroboration REFERENCING OLD TABLE AS old_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_claims_noted_delete_2f6e9();

COMMENT ON TRIGGER pgtrigger_claims_noted_delete_2f6e9 ON public.claims_corroboration IS '77d8a0cf5282eacf5d74365fb28594734e165c0c';

CREATE TRIGGER pgtrigger_claims_noted_delete_9286a AFTER DELETE ON public.claims_claimtopic REFERENCING OLD TABLE AS old_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_claims_noted_delete_9286a();

COMMENT ON TRIGGER pgtrigger_claims_noted_delete_9286a ON public.claims_claimtopic IS '593eb091536d11681ece751a8dafd273693e4ce9';

CREATE TRIGGER pgtrigger_claims_noted_insert_20b44 AFTER INSERT ON public.claims_claimtopic REFERENCING NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_claims_noted_insert_20b44();

COMMENT ON TRIGGER pgtrigger_claims_noted_insert_20b44 ON public.claims_claimtopic IS '45aef22b2f52b768fafdbf03c036d238ec167e25';

CREATE TRIGGER pgtrigger_claims_noted_insert_c07bf AFTER INSERT ON public.claims_corroboration REFERENCING NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_claims_noted_insert_c07bf();

COMMENT ON TRIGGER pgtrigger_claims_noted_insert_c07bf ON public.claims_corroboration IS '76c511691fcb522b405b8f4cd6e93493c5c49bde';

CREATE TRIGGER pgtrigger_claims_noted_insert_f1ca5 AFTER INSERT ON public.claims_claim REFERENCING NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_claims_noted_insert_f1ca5();

COMMENT ON TRIGGER pgtrigger_claims_noted_insert_f1ca5 ON public.claims_claim IS '488a6ea5555a336d7fe4c58d2775af4a9c374c65';

CREATE TRIGGER pgtrigger_claims_noted_update_44d81 AFTER UPDATE ON public.claims_claim REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_claims_noted_update_44d81();

COMMENT ON TRIGGER pgtrigger_claims_noted_update_44d81 ON public.claims_claim IS '4c291136a37ec2771f8e671ac5b09c9dfb20c45e';

CREATE TRIGGER pgtrigger_claims_noted_update_56182 AFTER UPDATE ON public.claims_claimtopic REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_claims_noted_update_56182();

COMMENT ON TRIGGER pgtrigger_claims_noted_update_56182 ON public.claims_claimtopic IS '4238ec726495673cb5f7ce716272e9f086ac2733';

CREATE TRIGGER pgtrigger_claims_noted_update_c6ab5 AFTER UPDATE ON public.claims_corroboration REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_claims_noted_update_c6ab5();

COMMENT ON TRIGGER pgtrigger_claims_noted_update_c6ab5 ON public.claims_corroboration IS '91996583b6b565db728caaffc46e564ddc5896b6';

CREATE CONSTRAINT TRIGGER pgtrigger_complete_9e259 AFTER INSERT ON public.notices_event DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((new.type)::text = ANY ((ARRAY['mark.level'::character varying, 'mark.dispute'::character varying, 'mark.text'::character varying])::text[]))) EXECUTE FUNCTION public.pgtrigger_complete_9e259();

COMMENT ON TRIGGER pgtrigger_complete_9e259 ON public.notices_event IS '0cffde429e4ea2d4e771be25fd594225a7b6364a';

CREATE TRIGGER pgtrigger_count_articles_in_ea973 AFTER INSERT ON public.sources_article REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_count_articles_in_ea973();

COMMENT ON TRIGGER pgtrigger_count_articles_in_ea973 ON public.sources_article IS 'b46f4d6e73acf714c9f354d45ca7b7a02e3364eb';

CREATE TRIGGER pgtrigger_count_articles_moved_b9494 AFTER UPDATE ON public.sources_article REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_count_articles_moved_b9494();

COMMENT ON TRIGGER pgtrigger_count_articles_moved_b9494 ON public.sources_article IS '0ef98f7bcaaaf0eeac22cb271a7eb31e626a6dd6';

CREATE TRIGGER pgtrigger_count_articles_out_f22e9 AFTER DELETE ON public.sources_article REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_count_articles_out_f22e9();

COMMENT ON TRIGGER pgtrigger_count_articles_out_f22e9 ON public.sources_article IS 'd60a131f02b34aa6bee8b82941613b31093c6762';

CREATE TRIGGER pgtrigger_count_coverage_in_b5c13 AFTER INSERT ON public.claims_coverage REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_count_coverage_in_b5c13();

COMMENT ON TRIGGER pgtrigger_count_coverage_in_b5c13 ON public.claims_coverage IS 'af879d7d83c675f300e9f59196d58630a6578d59';

CREATE TRIGGER pgtrigger_count_coverage_out_dc0a5 AFTER DELETE ON public.claims_coverage REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_count_coverage_out_dc0a5();

COMMENT ON TRIGGER pgtrigger_count_coverage_out_dc0a5 ON public.claims_coverage IS '3810131e5b476074408ef363900df264d54cbc7c';

CREATE TRIGGER pgtrigger_delete_delete_10a2a AFTER DELETE ON public.sources_article FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_delete_delete_10a2a();

COMMENT ON TRIGGER pgtrigger_delete_delete_10a2a ON public.sources_article IS '8f7629c474cf61a7fd929f1da96c965d9dcfd3b9';

CREATE TRIGGER pgtrigger_delete_delete_28e40 AFTER DELETE ON public.claims_claimtopic FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_delete_delete_28e40();

COMMENT ON TRIGGER pgtrigger_delete_delete_28e40 ON public.claims_claimtopic IS 'debdf94bc2357eba2e98fa21da914d9651b4f9cb';

CREATE TRIGGER pgtrigger_delete_delete_430b2 AFTER DELETE ON public.claims_attribution FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_delete_delete_430b2();

COMMENT ON TRIGGER pgtrigger_delete_delete_430b2 ON public.claims_attribution IS '959077f49bb2176c3c38d9eda4410ed77266a0ab';

CREATE TRIGGER pgtrigger_delete_delete_78ac3 AFTER DELETE ON public.sources_outletdomain FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_delete_delete_78ac3();

COMMENT ON TRIGGER pgtrigger_delete_delete_78ac3 ON public.sources_outletdomain IS '7fee95cdcea4ec39e7e9f55b7e5a3f6ba5916012';

CREATE TRIGGER pgtrigger_delete_delete_7b681 AFTER DELETE ON public.claims_note FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_delete_delete_7b681();

COMMENT ON TRIGGER pgtrigger_delete_delete_7b681 ON public.claims_note IS 'e7b781f17692b272e9cd4368cf3dc2f1790792f9';

CREATE TRIGGER pgtrigger_delete_delete_7c97d AFTER DELETE ON public.claims_flag FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_delete_delete_7c97d();

COMMENT ON TRIGGER pgtrigger_delete_delete_7c97d ON public.claims_flag IS '382fe1b2fc0086a9a7a2c7ade78695f353f15fae';

CREATE TRIGGER pgtrigger_delete_delete_7dfb7 AFTER DELETE ON public.sources_derivation FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_delete_delete_7dfb7();

COMMENT ON TRIGGER pgtrigger_delete_delete_7dfb7 ON public.sources_derivation IS '36f7b1bd9e408b715f48c6ca0f7449d850b21acd';

CREATE TRIGGER pgtrigger_delete_delete_89525 AFTER DELETE ON public.claims_statementrelay FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_delete_delete_89525();

COMMENT ON TRIGGER pgtrigger_delete_delete_89525 ON public.claims_statementrelay IS '0ad84be8e2d5f1b1330c9e204c75ad110cc61c68';

CREATE TRIGGER pgtrigger_delete_delete_a32b8 AFTER DELETE ON public.claims_topic FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_delete_delete_a32b8();

COMMENT ON TRIGGER pgtrigger_delete_delete_a32b8 ON public.claims_topic IS '8d316baa796415d2402ed4a0087b09d2e1aeab99';

CREATE TRIGGER pgtrigger_delete_delete_aae0e AFTER DELETE ON public.claims_statement FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_delete_delete_aae0e();

COMMENT ON TRIGGER pgtrigger_delete_delete_aae0e ON public.claims_statement IS 'eb51e7ea5dacb855d907e471fbf4e63a5d8ad1cf';

CREATE TRIGGER pgtrigger_delete_delete_adf39 AFTER DELETE ON public.claims_claimlink FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_delete_delete_adf39();

COMMENT ON TRIGGER pgtrigger_delete_delete_adf39 ON public.claims_claimlink IS '8cb48fe64fb14dbee0dc5a0e93c14d26c7334580';

CREATE TRIGGER pgtrigger_delete_delete_b8590 AFTER DELETE ON public.claims_speaker FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_delete_delete_b8590();

COMMENT ON TRIGGER pgtrigger_delete_delete_b8590 ON public.claims_speaker IS 'd54c63cc6b6ca20358cb31f25f71e74bda914e5c';

CREATE TRIGGER pgtrigger_delete_delete_d8785 AFTER DELETE ON public.sources_outletalias FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_delete_delete_d8785();

COMMENT ON TRIGGER pgtrigger_delete_delete_d8785 ON public.sources_outletalias IS '4aabb4f2cdeef27c1414f3e39135df0e695eb718';

CREATE TRIGGER pgtrigger_delete_delete_dbede AFTER DELETE ON public.sources_outlet FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_delete_delete_dbede();

COMMENT ON TRIGGER pgtrigger_delete_delete_dbede ON public.sources_outlet IS '6b202a4ad1f2f22d71eecaba0e8ddcc2ddab15a2';

CREATE TRIGGER pgtrigger_delete_delete_dbf31 AFTER DELETE ON public.claims_claim FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_delete_delete_dbf31();

COMMENT ON TRIGGER pgtrigger_delete_delete_dbf31 ON public.claims_claim IS '35fea8c6abe31c0e1bcb8aac6d56d31424b0197f';

CREATE TRIGGER pgtrigger_delete_delete_f0375 AFTER DELETE ON public.claims_speakeralias FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_delete_delete_f0375();

COMMENT ON TRIGGER pgtrigger_delete_delete_f0375 ON public.claims_speakeralias IS 'd8d108830577cf482bfd79fa86f1ab0912650aca';

CREATE TRIGGER pgtrigger_due_after_delete_00a35 AFTER DELETE ON public.claims_claimtopic REFERENCING OLD TABLE AS old_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_due_after_delete_00a35();

COMMENT ON TRIGGER pgtrigger_due_after_delete_00a35 ON public.claims_claimtopic IS '3d796d5a8ca74c182f9c8c579ac5a3fced5c79e9';

CREATE TRIGGER pgtrigger_due_after_delete_1091c AFTER DELETE ON public.sources_derivation REFERENCING OLD TABLE AS old_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_due_after_delete_1091c();

COMMENT ON TRIGGER pgtrigger_due_after_delete_1091c ON public.sources_derivation IS '4f718b15734efa402fbb9389bc9ed6869d6511bc';

CREATE TRIGGER pgtrigger_due_after_delete_9d4e6 AFTER DELETE ON public.claims_attribution REFERENCING OLD TABLE AS old_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_due_after_delete_9d4e6();

COMMENT ON TRIGGER pgtrigger_due_after_delete_9d4e6 ON public.claims_attribution IS 'e92a43d3b6b5a9eed286e85e8f7569b74eaa1e4c';

CREATE TRIGGER pgtrigger_due_after_delete_9d83a AFTER DELETE ON public.claims_speakeralias REFERENCING OLD TABLE AS old_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_due_after_delete_9d83a();

COMMENT ON TRIGGER pgtrigger_due_after_delete_9d83a ON public.claims_speakeralias IS '05fb2ae9354b7f1f527294f1b66439662a9d4e02';

CREATE TRIGGER pgtrigger_due_after_delete_db1e6 AFTER DELETE ON public.claims_statementrelay REFERENCING OLD TABLE AS old_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_due_after_delete_db1e6();

COMMENT ON TRIGGER pgtrigger_due_after_delete_db1e6 ON public.claims_statementrelay IS '04d074bd864b4bfc188da79d577d3d011acaee59';

CREATE TRIGGER pgtrigger_due_after_insert_20144 AFTER INSERT ON public.claims_statementrelay REFERENCING NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_due_after_insert_20144();

COMMENT ON TRIGGER pgtrigger_due_after_insert_20144 ON public.claims_statementrelay IS 'f4338ad3e6ae266409510d586d8df6ce9145a639';

CREATE TRIGGER pgtrigger_due_after_insert_3938f AFTER INSERT ON public.claims_claim REFERENCING NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_due_after_insert_3938f();

COMMENT ON TRIGGER pgtrigger_due_after_insert_3938f ON public.claims_claim IS 'cb819f4d357b08297e78e7ef2466d230fe582efa';

CREATE TRIGGER pgtrigger_due_after_insert_6a3d0 AFTER INSERT ON public.claims_attribution REFERENCING NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_due_after_insert_6a3d0();

COMMENT ON TRIGGER pgtrigger_due_after_insert_6a3d0 ON public.claims_attribution IS 'bdb4e50a10a7ed753c95ccbc999880df1beead63';

CREATE TRIGGER pgtrigger_due_after_insert_a2aa2 AFTER INSERT ON public.sources_derivation REFERENCING NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_due_after_insert_a2aa2();

COMMENT ON TRIGGER pgtrigger_due_after_insert_a2aa2 ON public.sources_derivation IS 'f326dd03cfc2ba529b3728d749fe2333436ed336';

CREATE TRIGGER pgtrigger_due_after_insert_c0d95 AFTER INSERT ON public.claims_speakeralias REFERENCING NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_due_after_insert_c0d95();

COMMENT ON TRIGGER pgtrigger_due_after_insert_c0d95 ON public.claims_speakeralias IS 'cc4c878ebb14e4d1c101aa8b82e8888d848cc383';

CREATE TRIGGER pgtrigger_due_after_insert_de68c AFTER INSERT ON public.claims_claimtopic REFERENCING NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_due_after_insert_de68c();

COMMENT ON TRIGGER pgtrigger_due_after_insert_de68c ON public.claims_claimtopic IS 'b56ceee50746e26bdb5eaec4384123816b16566e';

CREATE TRIGGER pgtrigger_due_after_update_17e4e AFTER UPDATE ON public.claims_speakeralias REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_due_after_update_17e4e();

COMMENT ON TRIGGER pgtrigger_due_after_update_17e4e ON public.claims_speakeralias IS '0d6b2f65f167a346eec84f01f8ef9839490aebcb';

CREATE TRIGGER pgtrigger_due_after_update_2690c AFTER UPDATE ON public.claims_claim REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_due_after_update_2690c();

COMMENT ON TRIGGER pgtrigger_due_after_update_2690c ON public.claims_claim IS 'ea17e93f70d16f483d6dfccf407a18ae678fef50';

CREATE TRIGGER pgtrigger_due_after_update_2dca2 AFTER UPDATE ON public.claims_claimtopic REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_due_after_update_2dca2();

COMMENT ON TRIGGER pgtrigger_due_after_update_2dca2 ON public.claims_claimtopic IS '9d82aa8180636e3a98eb6ab918cf5a0627e80132';

CREATE TRIGGER pgtrigger_due_after_update_4ccbd AFTER UPDATE ON public.claims_attribution REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_due_after_update_4ccbd();

COMMENT ON TRIGGER pgtrigger_due_after_update_4ccbd ON public.claims_attribution IS '32d9f8a10eb8756e1ceb53e547f4e69f82e847b9';

CREATE TRIGGER pgtrigger_due_after_update_50f27 AFTER UPDATE ON public.claims_speaker REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_due_after_update_50f27();

COMMENT ON TRIGGER pgtrigger_due_after_update_50f27 ON public.claims_speaker IS '8bdaa1ad50e0073f6ae780195a5f9d9e4a701f13';

CREATE TRIGGER pgtrigger_due_after_update_7c275 AFTER UPDATE ON public.claims_statementrelay REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_due_after_update_7c275();

COMMENT ON TRIGGER pgtrigger_due_after_update_7c275 ON public.claims_statementrelay IS '21efc1b79b1b3074136c03cac01e48ca88eb55db';

CREATE TRIGGER pgtrigger_due_after_update_ba976 AFTER UPDATE ON public.sources_derivation REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_due_after_update_ba976();

COMMENT ON TRIGGER pgtrigger_due_after_update_ba976 ON public.sources_derivation IS '42243fc552a9b7ee4bf4845f98a67aeee6771276';

CREATE TRIGGER pgtrigger_due_after_update_c436e AFTER UPDATE ON public.sources_article REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_due_after_update_c436e();

COMMENT ON TRIGGER pgtrigger_due_after_update_c436e ON public.sources_article IS '506d672d0d81878fa5c9cc43798897740c43fff3';

CREATE TRIGGER pgtrigger_due_after_update_fec78 AFTER UPDATE ON public.claims_statement REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_due_after_update_fec78();

COMMENT ON TRIGGER pgtrigger_due_after_update_fec78 ON public.claims_statement IS 'f4507805bc70d5e09259f08b498b66c50dcfd0cc';

CREATE TRIGGER pgtrigger_insert_insert_0de75 AFTER INSERT ON public.sources_article FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_0de75();

COMMENT ON TRIGGER pgtrigger_insert_insert_0de75 ON public.sources_article IS '813407e63f9cf61ee3216febc0575eb1cfefe590';

CREATE TRIGGER pgtrigger_insert_insert_43dca AFTER INSERT ON public.claims_attribution FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_43dca();

COMMENT ON TRIGGER pgtrigger_insert_insert_43dca ON public.claims_attribution IS '87ac0d6dd7f47b2cd3ed95beb9bfb1bc6399485d';

CREATE TRIGGER pgtrigger_insert_insert_5f998 AFTER INSERT ON public.claims_topic FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_5f998();

COMMENT ON TRIGGER pgtrigger_insert_insert_5f998 ON public.claims_topic IS '7e8941bd1dcbec8b17c742d633df4db0d95e0ffd';

CREATE TRIGGER pgtrigger_insert_insert_6363e AFTER INSERT ON public.sources_outlet FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_6363e();

COMMENT ON TRIGGER pgtrigger_insert_insert_6363e ON public.sources_outlet IS 'f21e765be45ef8e7eab5ada7c1f0b0a4a3206796';

CREATE TRIGGER pgtrigger_insert_insert_762dd AFTER INSERT ON public.sources_outletdomain FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_762dd();

COMMENT ON TRIGGER pgtrigger_insert_insert_762dd ON public.sources_outletdomain IS '8ba36e984780d3749385ce0ce42433a5426041b5';

CREATE TRIGGER pgtrigger_insert_insert_770e6 AFTER INSERT ON public.claims_speakeralias FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_770e6();

COMMENT ON TRIGGER pgtrigger_insert_insert_770e6 ON public.claims_speakeralias IS 'c185c72ca2db21b1edfdf55e82efc9044c89c649';

CREATE TRIGGER pgtrigger_insert_insert_7cf94 AFTER INSERT ON public.claims_speaker FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_7cf94();

COMMENT ON TRIGGER pgtrigger_insert_insert_7cf94 ON public.claims_speaker IS '9bab6fc279285b5a7e7621b6fe0d8eab6e3b3d55';

CREATE TRIGGER pgtrigger_insert_insert_9a47c AFTER INSERT ON public.claims_note FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_9a47c();

COMMENT ON TRIGGER pgtrigger_insert_insert_9a47c ON public.claims_note IS 'd2937eab127b4a5fb912d1ad7cceaa2e4f67f05a';

CREATE TRIGGER pgtrigger_insert_insert_b5e04 AFTER INSERT ON public.claims_statementrelay FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_b5e04();

COMMENT ON TRIGGER pgtrigger_insert_insert_b5e04 ON public.claims_statementrelay IS 'd4df594d8a1802d2aa0cb90f621c3638f9770844';

CREATE TRIGGER pgtrigger_insert_insert_c1565 AFTER INSERT ON public.claims_claimlink FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_c1565();

COMMENT ON TRIGGER pgtrigger_insert_insert_c1565 ON public.claims_claimlink IS '7d186dbc68764432ab836741819d25e75d3e627a';

CREATE TRIGGER pgtrigger_insert_insert_cc1e4 AFTER INSERT ON public.sources_outletalias FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_cc1e4();

COMMENT ON TRIGGER pgtrigger_insert_insert_cc1e4 ON public.sources_outletalias IS '3aa25fd1a1d9609d618ed9dc9ced553099441f02';

CREATE TRIGGER pgtrigger_insert_insert_ce81c AFTER INSERT ON public.claims_flag FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_ce81c();

COMMENT ON TRIGGER pgtrigger_insert_insert_ce81c ON public.claims_flag IS '95f9c53a17830b73cacaa2183c6afaaf0d3d7b74';

CREATE TRIGGER pgtrigger_insert_insert_ddcea AFTER INSERT ON public.sources_derivation FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_ddcea();

COMMENT ON TRIGGER pgtrigger_insert_insert_ddcea ON public.sources_derivation IS '314568059bc12a0c31ad70795c3a3971c6476673';

CREATE TRIGGER pgtrigger_insert_insert_df8fa AFTER INSERT ON public.claims_claim FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_df8fa();

COMMENT ON TRIGGER pgtrigger_insert_insert_df8fa ON public.claims_claim IS 'c7d33eee7420dca80ea61024961ee69d2c8493af';

CREATE TRIGGER pgtrigger_insert_insert_e3f7f AFTER INSERT ON public.claims_claimtopic FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_e3f7f();

COMMENT ON TRIGGER pgtrigger_insert_insert_e3f7f ON public.claims_claimtopic IS '08b105fc112c84338b54c81489006237a8584dbf';

CREATE TRIGGER pgtrigger_insert_insert_ec354 AFTER INSERT ON public.claims_statement FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_ec354();

COMMENT ON TRIGGER pgtrigger_insert_insert_ec354 ON public.claims_statement IS 'b7dec74c3f359a0a17961dadf4e59c811f05cf2d';

CREATE TRIGGER pgtrigger_noticed_delete_2519d AFTER DELETE ON public.claims_corroboration REFERENCING OLD TABLE AS old_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_noticed_delete_2519d();

COMMENT ON TRIGGER pgtrigger_noticed_delete_2519d ON public.claims_corroboration IS 'c085d5a0b6716d01573ae28a266757c3330fcf49';

CREATE TRIGGER pgtrigger_noticed_insert_5675c AFTER INSERT ON public.claims_corroboration REFERENCING NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_noticed_insert_5675c();

COMMENT ON TRIGGER pgtrigger_noticed_insert_5675c ON public.claims_corroboration IS '1114cf6b71569f2b1e72c8b7e4a0eb75ebdc527d';

CREATE TRIGGER pgtrigger_noticed_update_35fa4 AFTER UPDATE ON public.sources_article REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_noticed_update_35fa4();

COMMENT ON TRIGGER pgtrigger_noticed_update_35fa4 ON public.sources_article IS '07c5c26324636929dde88a37ab28c04c0326c587';

CREATE TRIGGER pgtrigger_noticed_update_904d0 AFTER UPDATE ON public.sources_importrun REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_noticed_update_904d0();

COMMENT ON TRIGGER pgtrigger_noticed_update_904d0 ON public.sources_importrun IS 'b0fb5f826c722d7dc8a8e7337b0e2e08961af4e2';

CREATE TRIGGER pgtrigger_noticed_update_c059d AFTER UPDATE ON public.claims_corroboration REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_noticed_update_c059d();

COMMENT ON TRIGGER pgtrigger_noticed_update_c059d ON public.claims_corroboration IS '1e68a47cba07646a8ae1cd704775fd393a8a08d7';

CREATE TRIGGER pgtrigger_noticed_update_c6ec9 AFTER UPDATE ON public.sources_importitem REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_noticed_update_c6ec9();

COMMENT ON TRIGGER pgtrigger_noticed_update_c6ec9 ON public.sources_importitem IS '7f5b17cfc615761ca6c1a53746aa3bfc86657b5c';

CREATE TRIGGER pgtrigger_outlets_noted_delete_029f7 AFTER DELETE ON public.sources_outletalias REFERENCING OLD TABLE AS old_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_outlets_noted_delete_029f7();

COMMENT ON TRIGGER pgtrigger_outlets_noted_delete_029f7 ON public.sources_outletalias IS 'f4245f5e91bee6c2571a8cd3bb6ae92423fba52e';

CREATE TRIGGER pgtrigger_outlets_noted_delete_24b51 AFTER DELETE ON public.sources_outlet REFERENCING OLD TABLE AS old_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_outlets_noted_delete_24b51();

COMMENT ON TRIGGER pgtrigger_outlets_noted_delete_24b51 ON public.sources_outlet IS 'ee41c83262e5f8612ae0448a10f146fd88bb6692';

CREATE TRIGGER pgtrigger_outlets_noted_delete_bb0a7 AFTER DELETE ON public.sources_outletdomain REFERENCING OLD TABLE AS old_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_outlets_noted_delete_bb0a7();

COMMENT ON TRIGGER pgtrigger_outlets_noted_delete_bb0a7 ON public.sources_outletdomain IS '4d0f6fd1d969d48b0028925c021dd4af22b7c75b';

CREATE TRIGGER pgtrigger_outlets_noted_insert_06508 AFTER INSERT ON public.sources_outlet REFERENCING NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_outlets_noted_insert_06508();

COMMENT ON TRIGGER pgtrigger_outlets_noted_insert_06508 ON public.sources_outlet IS '66bd19e75c0d295b374b5ca6f75ec567eb3ae903';

CREATE TRIGGER pgtrigger_outlets_noted_insert_b2085 AFTER INSERT ON public.sources_outletdomain REFERENCING NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_outlets_noted_insert_b2085();

COMMENT ON TRIGGER pgtrigger_outlets_noted_insert_b2085 ON public.sources_outletdomain IS '85bc8f70257b86aafadd19f38997044d7cf5bd49';

CREATE TRIGGER pgtrigger_outlets_noted_insert_bf973 AFTER INSERT ON public.sources_outletalias REFERENCING NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_outlets_noted_insert_bf973();

COMMENT ON TRIGGER pgtrigger_outlets_noted_insert_bf973 ON public.sources_outletalias IS '6e80449de3ee0fb89691f1a36fd9058d531d92a1';

CREATE TRIGGER pgtrigger_outlets_noted_update_07422 AFTER UPDATE ON public.sources_outlet REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_outlets_noted_update_07422();

COMMENT ON TRIGGER pgtrigger_outlets_noted_update_07422 ON public.sources_outlet IS '45d7fc132afd4f7fe6c45e2e77fa35f066289a61';

CREATE TRIGGER pgtrigger_outlets_noted_update_44293 AFTER UPDATE ON public.sources_outletdomain REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_outlets_noted_update_44293();

COMMENT ON TRIGGER pgtrigger_outlets_noted_update_44293 ON public.sources_outletdomain IS '840342e53e21d64af87e457012cb2306a2107a83';

CREATE TRIGGER pgtrigger_outlets_noted_update_9f9d9 AFTER UPDATE ON public.sources_outletalias REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_outlets_noted_update_9f9d9();

COMMENT ON TRIGGER pgtrigger_outlets_noted_update_9f9d9 ON public.sources_outletalias IS 'a22cea5bdfd2bfc8459598ae700f0595fcf6893c';

CREATE TRIGGER pgtrigger_read_insert_099f5 AFTER INSERT ON public.claims_extraction REFERENCING NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_read_insert_099f5();

COMMENT ON TRIGGER pgtrigger_read_insert_099f5 ON public.claims_extraction IS '69f488aed61a9da90d123d88fd1c45cfb0d2d147';

CREATE TRIGGER pgtrigger_read_update_e020b AFTER UPDATE ON public.claims_extraction REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_read_update_e020b();

COMMENT ON TRIGGER pgtrigger_read_update_e020b ON public.claims_extraction IS '7e6bc2393555a61c5f9cc28be900365a641aba33';

CREATE TRIGGER pgtrigger_revision_frozen_a32c9 BEFORE DELETE OR UPDATE ON public.sources_revision FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_revision_frozen_a32c9();

COMMENT ON TRIGGER pgtrigger_revision_frozen_a32c9 ON public.sources_revision IS 'a66556fde0452f6b65f0a97bbbfe30eed566e084';

CREATE TRIGGER pgtrigger_snapshot_frozen_d5592 BEFORE DELETE OR UPDATE ON public.sources_snapshot FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_snapshot_frozen_d5592();

COMMENT ON TRIGGER pgtrigger_snapshot_frozen_d5592 ON public.sources_snapshot IS '030534bfa45758b655b597fea14fbfcfcb9e27e9';

CREATE TRIGGER pgtrigger_speakers_noted_delete_18d53 AFTER DELETE ON public.claims_speaker REFERENCING OLD TABLE AS old_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_speakers_noted_delete_18d53();

COMMENT ON TRIGGER pgtrigger_speakers_noted_delete_18d53 ON public.claims_speaker IS 'b75172cb5be2bd4069c4ead42690ddcb07342074';

CREATE TRIGGER pgtrigger_speakers_noted_delete_2db02 AFTER DELETE ON public.claims_speakeralias REFERENCING OLD TABLE AS old_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_speakers_noted_delete_2db02();

COMMENT ON TRIGGER pgtrigger_speakers_noted_delete_2db02 ON public.claims_speakeralias IS '34423e23ff800749930ddca2bce89b9f1beb13d7';

CREATE TRIGGER pgtrigger_speakers_noted_insert_b8267 AFTER INSERT ON public.claims_speakeralias REFERENCING NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_speakers_noted_insert_b8267();

COMMENT ON TRIGGER pgtrigger_speakers_noted_insert_b8267 ON public.claims_speakeralias IS '69b3dca9b6b2d0bcff923b5c023e0205d931fb1e';

CREATE TRIGGER pgtrigger_speakers_noted_insert_fa1ad AFTER INSERT ON public.claims_speaker REFERENCING NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_speakers_noted_insert_fa1ad();

COMMENT ON TRIGGER pgtrigger_speakers_noted_insert_fa1ad ON public.claims_speaker IS 'b3be4211d4c3f2a7299ded8ca0f2acdb1249f350';

CREATE TRIGGER pgtrigger_speakers_noted_update_7fcd8 AFTER UPDATE ON public.claims_speaker REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_speakers_noted_update_7fcd8();

COMMENT ON TRIGGER pgtrigger_speakers_noted_update_7fcd8 ON public.claims_speaker IS '4f232c329862860782bb55384f233e924ea03bfa';

CREATE TRIGGER pgtrigger_speakers_noted_update_cc942 AFTER UPDATE ON public.claims_speakeralias REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_speakers_noted_update_cc942();

COMMENT ON TRIGGER pgtrigger_speakers_noted_update_cc942 ON public.claims_speakeralias IS 'eda140920ea5712da1ce88dabc0147afe52481dc';

CREATE TRIGGER pgtrigger_statement_inside_text_a1934 BEFORE INSERT OR UPDATE ON public.claims_statement FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_statement_inside_text_a1934();

COMMENT ON TRIGGER pgtrigger_statement_inside_text_a1934 ON public.claims_statement IS '2f40a3e3b9d3083ae0bc591bec2b212b0e7168bf';

CREATE TRIGGER pgtrigger_statement_piece_inside_text_ad0cc BEFORE INSERT OR UPDATE ON public.claims_statementspan FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_statement_piece_inside_text_ad0cc();

COMMENT ON TRIGGER pgtrigger_statement_piece_inside_text_ad0cc ON public.claims_statementspan IS 'e13af4a4b6fef5b01cf826ec8bb017c47a608f55';

CREATE TRIGGER pgtrigger_statement_relay_inside_text_0a0c2 BEFORE INSERT OR UPDATE ON public.claims_statementrelay FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_statement_relay_inside_text_0a0c2();

COMMENT ON TRIGGER pgtrigger_statement_relay_inside_text_0a0c2 ON public.claims_statementrelay IS '8fc028b30bb46307370d79a20c3df940b4092ce4';

CREATE TRIGGER pgtrigger_statements_noted_delete_36491 AFTER DELETE ON public.claims_statementrelay REFERENCING OLD TABLE AS old_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_statements_noted_delete_36491();

COMMENT ON TRIGGER pgtrigger_statements_noted_delete_36491 ON public.claims_statementrelay IS 'c1d7f1f32a57ae3214975b6308f5083d36b3b959';

CREATE TRIGGER pgtrigger_statements_noted_delete_8bba9 AFTER DELETE ON public.claims_statementspan REFERENCING OLD TABLE AS old_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_statements_noted_delete_8bba9();

COMMENT ON TRIGGER pgtrigger_statements_noted_delete_8bba9 ON public.claims_statementspan IS '216837c3c8b3065a49b50d296b33076d9bf32d9d';

CREATE TRIGGER pgtrigger_statements_noted_delete_f38c0 AFTER DELETE ON public.claims_statement REFERENCING OLD TABLE AS old_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_statements_noted_delete_f38c0();

COMMENT ON TRIGGER pgtrigger_statements_noted_delete_f38c0 ON public.claims_statement IS '4f8369bdfb9ba08b03e47efb882e25163dfc9be1';

CREATE TRIGGER pgtrigger_statements_noted_insert_6c002 AFTER INSERT ON public.claims_statementspan REFERENCING NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_statements_noted_insert_6c002();

COMMENT ON TRIGGER pgtrigger_statements_noted_insert_6c002 ON public.claims_statementspan IS '844e594f2b857e9e15f37b56aa994cd09baee14f';

CREATE TRIGGER pgtrigger_statements_noted_insert_7e245 AFTER INSERT ON public.claims_statement REFERENCING NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_statements_noted_insert_7e245();

COMMENT ON TRIGGER pgtrigger_statements_noted_insert_7e245 ON public.claims_statement IS '0357fddde425688c1a1c8ca60e384746a3d56def';

CREATE TRIGGER pgtrigger_statements_noted_insert_d4344 AFTER INSERT ON public.claims_statementrelay REFERENCING NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_statements_noted_insert_d4344();

COMMENT ON TRIGGER pgtrigger_statements_noted_insert_d4344 ON public.claims_statementrelay IS '0e41bb441bc2ccaf21e3a8bee89003516c10ab12';

CREATE TRIGGER pgtrigger_statements_noted_update_27f07 AFTER UPDATE ON public.claims_statement REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_statements_noted_update_27f07();

COMMENT ON TRIGGER pgtrigger_statements_noted_update_27f07 ON public.claims_statement IS '7a4b205964738f831b833872e6df443709f1319b';

CREATE TRIGGER pgtrigger_statements_noted_update_50fdb AFTER UPDATE ON public.claims_statementspan REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_statements_noted_update_50fdb();

COMMENT ON TRIGGER pgtrigger_statements_noted_update_50fdb ON public.claims_statementspan IS 'a8d0af3b6c7565b3019608b07c1690d60a9c935f';

CREATE TRIGGER pgtrigger_statements_noted_update_b1cee AFTER UPDATE ON public.claims_statementrelay REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_statements_noted_update_b1cee();

COMMENT ON TRIGGER pgtrigger_statements_noted_update_b1cee ON public.claims_statementrelay IS '285433ab41e58dfcbcf205f1db4df1c8fd96fe1c';

CREATE TRIGGER pgtrigger_tally_delete_8660c AFTER DELETE ON public.claims_listing REFERENCING OLD TABLE AS old_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_tally_delete_8660c();

COMMENT ON TRIGGER pgtrigger_tally_delete_8660c ON public.claims_listing IS 'bab5289e10b701b4182a654ecff2d4ddbac14f4d';

CREATE TRIGGER pgtrigger_tally_insert_7c2e4 AFTER INSERT ON public.claims_listing REFERENCING NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_tally_insert_7c2e4();

COMMENT ON TRIGGER pgtrigger_tally_insert_7c2e4 ON public.claims_listing IS 'ac3ad72d037c01600b12e43bfd2fa73bd4c5d775';

CREATE TRIGGER pgtrigger_tally_update_028aa AFTER UPDATE ON public.claims_listing REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_tally_update_028aa();

COMMENT ON TRIGGER pgtrigger_tally_update_028aa ON public.claims_listing IS 'aa87b0ab9a8664fd10cbfeb39216f6e50a623fdf';

CREATE TRIGGER pgtrigger_to_be_read_insert_3e8cb AFTER INSERT ON public.sources_article REFERENCING NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_to_be_read_insert_3e8cb();

COMMENT ON TRIGGER pgtrigger_to_be_read_insert_3e8cb ON public.sources_article IS '18032055eb3b6a29c1d09e16b1b8c5fec57da0f8';

CREATE TRIGGER pgtrigger_to_be_read_update_99f4b AFTER UPDATE ON public.sources_article REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_to_be_read_update_99f4b();

COMMENT ON TRIGGER pgtrigger_to_be_read_update_99f4b ON public.sources_article IS 'b263e259bf1a44c6845746d1a733de3dc40531c0';

CREATE TRIGGER pgtrigger_topics_noted_delete_73a0c AFTER DELETE ON public.claims_topic REFERENCING OLD TABLE AS old_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_topics_noted_delete_73a0c();

COMMENT ON TRIGGER pgtrigger_topics_noted_delete_73a0c ON public.claims_topic IS '5603881e0b141fb427ad565a6e9d431122d228ed';

CREATE TRIGGER pgtrigger_topics_noted_insert_555cf AFTER INSERT ON public.claims_topic REFERENCING NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_topics_noted_insert_555cf();

COMMENT ON TRIGGER pgtrigger_topics_noted_insert_555cf ON public.claims_topic IS 'a21e16e1e3959ec35e72f87141f206132fedde23';

CREATE TRIGGER pgtrigger_topics_noted_update_4375b AFTER UPDATE ON public.claims_topic REFERENCING OLD TABLE AS old_values NEW TABLE AS new_values FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_topics_noted_update_4375b();

COMMENT ON TRIGGER pgtrigger_topics_noted_update_4375b ON public.claims_topic IS '7b285ed630f9ff4257a9b110388dbc2e22274474';

CREATE TRIGGER pgtrigger_update_update_010ac AFTER UPDATE ON public.claims_topic FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.pgtrigger_update_update_010ac();

COMMENT ON TRIGGER pgtrigger_update_update_010ac ON public.claims_topic IS 'bc9a78fe7c4455389ba8eb796de67df6c929ef5a';

CREATE TRIGGER pgtrigger_update_update_0aa7f AFTER UPDATE ON public.claims_statementrelay FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.pgtrigger_update_update_0aa7f();

COMMENT ON TRIGGER pgtrigger_update_update_0aa7f ON public.claims_statementrelay IS '84c1f4fb8ad2981625abb1b9286356cb9bb99428';

CREATE TRIGGER pgtrigger_update_update_168af AFTER UPDATE ON public.sources_article FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.pgtrigger_update_update_168af();

COMMENT ON TRIGGER pgtrigger_update_update_168af ON public.sources_article IS 'b3c61490d191ab864700ab606627c956760f0800';

CREATE TRIGGER pgtrigger_update_update_1826b AFTER UPDATE ON public.claims_claimlink FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.pgtrigger_update_update_1826b();

COMMENT ON TRIGGER pgtrigger_update_update_1826b ON public.claims_claimlink IS '28a6dc2f2fb5d1010b60389882d1e22d6ddb26b4';

CREATE TRIGGER pgtrigger_update_update_2d719 AFTER UPDATE ON public.claims_flag FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.pgtrigger_update_update_2d719();

COMMENT ON TRIGGER pgtrigger_update_update_2d719 ON public.claims_flag IS 'c30052e4c08537d3c9730da817112305301d5fdf';

CREATE TRIGGER pgtrigger_update_update_3248a AFTER UPDATE ON public.claims_note FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.pgtrigger_update_update_3248a();

COMMENT ON TRIGGER pgtrigger_update_update_3248a ON public.claims_note IS '02e9a5db892466c4c762a33e974fc81d5d9f9247';

CREATE TRIGGER pgtrigger_update_update_37070 AFTER UPDATE ON public.claims_attribution FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.pgtrigger_update_update_37070();

COMMENT ON TRIGGER pgtrigger_update_update_37070 ON public.claims_attribution IS '8393e5c412a50d5c14cdd5e6788c2cf6baee8e0c';

CREATE TRIGGER pgtrigger_update_update_6f20c AFTER UPDATE ON public.sources_outlet FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.pgtrigger_update_update_6f20c();

COMMENT ON TRIGGER pgtrigger_update_update_6f20c ON public.sources_outlet IS 'b8adc2d6334d73cb6a821c613b0049f405e03872';

CREATE TRIGGER pgtrigger_update_update_734f9 AFTER UPDATE ON public.sources_derivation FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.pgtrigger_update_update_734f9();

COMMENT ON TRIGGER pgtrigger_update_update_734f9 ON public.sources_derivation IS '67dad86d6c0ad9a26be60755ad060724b9fbe966';

CREATE TRIGGER pgtrigger_update_update_7e5f9 AFTER UPDATE ON public.claims_speakeralias FOR EACH ROW WHEN (((old.id IS DISTINCT FROM new.id) OR ((old.name)::text IS DISTINCT FROM (new.name)::text) OR (old.speaker_id IS DISTINCT FROM new.speaker_id))) EXECUTE FUNCTION public.pgtrigger_update_update_7e5f9();

COMMENT ON TRIGGER pgtrigger_update_update_7e5f9 ON public.claims_speakeralias IS '1dd2a922d75a1c725043074345f584b38975d64b';

CREATE TRIGGER pgtrigger_update_update_ad07b AFTER UPDATE ON public.sources_outletdomain FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.pgtrigger_update_update_ad07b();

COMMENT ON TRIGGER pgtrigger_update_update_ad07b ON public.sources_outletdomain IS '988f4166a117c8c3dbb282f4df10661171f6b97e';

CREATE TRIGGER pgtrigger_update_update_c0be1 AFTER UPDATE ON public.sources_outletalias FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.pgtrigger_update_update_c0be1();

COMMENT ON TRIGGER pgtrigger_update_update_c0be1 ON public.sources_outletalias IS 'd6c40b95acc626b9ed13ff6fb259fd89156368f2';

CREATE TRIGGER pgtrigger_update_update_d9d7a AFTER UPDATE ON public.claims_speaker FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.pgtrigger_update_update_d9d7a();

COMMENT ON TRIGGER pgtrigger_update_update_d9d7a ON public.claims_speaker IS 'f2f42cb6e33b14c76451956be150596b9cc545fc';

CREATE TRIGGER pgtrigger_update_update_e96f8 AFTER UPDATE ON public.claims_claimtopic FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.pgtrigger_update_update_e96f8();

COMMENT ON TRIGGER pgtrigger_update_update_e96f8 ON public.claims_claimtopic IS 'b7d79b0d26f001951ee7d3864c1690ab2c79f240';

CREATE TRIGGER pgtrigger_update_update_eabae AFTER UPDATE ON public.claims_statement FOR EACH ROW WHEN ((((old.act)::text IS DISTINCT FROM (new.act)::text) OR (old.confidence IS DISTINCT FROM new.confidence) OR ((old.content_key)::text IS DISTINCT FROM (new.content_key)::text) OR (old.created_at IS DISTINCT FROM new.created_at) OR (old.denies IS DISTINCT FROM new.denies) OR (old."end" IS DISTINCT FROM new."end") OR ((old.heading)::text IS DISTINCT FROM (new.heading)::text) OR (old.hedged IS DISTINCT FROM new.hedged) OR (old.id IS DISTINCT FROM new.id) OR ((old.kind)::text IS DISTINCT FROM (new.kind)::text) OR ((old.method)::text IS DISTINCT FROM (new.method)::text) OR (old.negated IS DISTINCT FROM new.negated) OR (old.orphaned_at IS DISTINCT FROM new.orphaned_at) OR ((old.orphaned_reason)::text IS DISTINCT FROM (new.orphaned_reason)::text) OR (old.quote IS DISTINCT FROM new.quote) OR (old.revision_id IS DISTINCT FROM new.revision_id) OR (old.said_on IS DISTINCT FROM new.said_on) OR ((old.source_text)::text IS DISTINCT FROM (new.source_text)::text) OR (old.speaker_id IS DISTINCT FROM new.speaker_id) OR (old.start IS DISTINCT FROM new.start) OR (old.uid IS DISTINCT FROM new.uid) OR (old.withdrawn_at IS DISTINCT FROM new.withdrawn_at) OR ((old.withdrawn_reason)::text IS DISTINCT FROM (new.withdrawn_reason)::text))) EXECUTE FUNCTION public.pgtrigger_update_update_eabae();

COMMENT ON TRIGGER pgtrigger_update_update_eabae ON public.claims_statement IS '10524da42d3bba3d852274a7a645dee15cddbe69';

CREATE TRIGGER pgtrigger_update_update_fe4ba AFTER UPDATE ON public.claims_claim FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.pgtrigger_update_update_fe4ba();

COMMENT ON TRIGGER pgtrigger_update_update_fe4ba ON public.claims_claim IS '6d727450b23973c124a0216c1655adab15a8b772';

ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_2c513194_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirm_email_address_id_5b7f8c58_fk_account_e FOREIGN KEY (email_address_id) REFERENCES public.account_emailaddress(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_invitation
    ADD CONSTRAINT accounts_invitation_account_id_8e9dd036_fk_auth_user_id FOREIGN KEY (account_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_invitation
    ADD CONSTRAINT accounts_invitation_invited_by_id_94a21efc_fk_auth_user_id FOREIGN KEY (invited_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_invitation
    ADD CONSTRAINT accounts_invitation_revoked_by_id_806da05d_fk_auth_user_id FOREIGN KEY (revoked_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_token
    ADD CONSTRAINT accounts_token_revoked_by_id_e75eed71_fk_auth_user_id FOREIGN KEY (revoked_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_token
    ADD CONSTRAINT accounts_token_user_id_82a3a2c8_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_user_groups
    ADD CONSTRAINT auth_user_groups_group_id_97559544_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_user_groups
    ADD CONSTRAINT auth_user_groups_user_id_6a12ed8b_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_user_user_permissions
    ADD CONSTRAINT auth_user_user_permi_permission_id_1fbb5f2c_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_user_user_permissions
    ADD CONSTRAINT auth_user_user_permissions_user_id_a95ead1b_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_annotation
    ADD CONSTRAINT claims_annotation_editor_id_ed70523d_fk_auth_user_id FOREIGN KEY (editor_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_annotation
    ADD CONSTRAINT claims_annotation_item_id_15f435e1_fk_claims_sampleditem_id FOREIGN KEY (item_id) REFERENCES public.claims_sampleditem(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_attribution
    ADD CONSTRAINT claims_attribution_claim_id_1d82bb78_fk_claims_claim_id FOREIGN KEY (claim_id) REFERENCES public.claims_claim(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_attribution
    ADD CONSTRAINT claims_attribution_decided_by_id_0e15b03f_fk_auth_user_id FOREIGN KEY (decided_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_attribution
    ADD CONSTRAINT claims_attribution_statement_id_0b3582c5_fk_claims_statement_id FOREIGN KEY (statement_id) REFERENCES public.claims_statement(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_claim
    ADD CONSTRAINT claims_claim_merged_into_id_d79e2df0_fk_claims_claim_id FOREIGN KEY (merged_into_id) REFERENCES public.claims_claim(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_claim
    ADD CONSTRAINT claims_claim_speaker_id_e031226b_fk_claims_speaker_id FOREIGN KEY (speaker_id) REFERENCES public.claims_speaker(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_claim
    ADD CONSTRAINT claims_claim_text_by_id_a9a8109c_fk_auth_user_id FOREIGN KEY (text_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_claim
    ADD CONSTRAINT claims_claim_topics_by_id_3fae10a1_fk_auth_user_id FOREIGN KEY (topics_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_claimconflict
    ADD CONSTRAINT claims_claimconflict_claim_id_ed3f9ed9_fk_claims_claim_id FOREIGN KEY (claim_id) REFERENCES public.claims_claim(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_claimconflict
    ADD CONSTRAINT claims_claimconflict_other_id_8860257f_fk_claims_statement_id FOREIGN KEY (other_id) REFERENCES public.claims_statement(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_claimconflict
    ADD CONSTRAINT claims_claimconflict_settled_by_id_16b4cac0_fk_auth_user_id FOREIGN KEY (settled_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_claimconflict
    ADD CONSTRAINT claims_claimconflict_statement_id_78c1f929_fk_claims_st FOREIGN KEY (statement_id) REFERENCES public.claims_statement(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_claimlink
    ADD CONSTRAINT claims_claimlink_claim_id_1e5d9c53_fk_claims_claim_id FOREIGN KEY (claim_id) REFERENCES public.claims_claim(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_claimlink
    ADD CONSTRAINT claims_claimlink_decided_by_id_02373f5c_fk_auth_user_id FOREIGN KEY (decided_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_claimlink
    ADD CONSTRAINT claims_claimlink_other_id_00ea380c_fk_claims_claim_id FOREIGN KEY (other_id) REFERENCES public.claims_claim(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_claimmerge
    ADD CONSTRAINT claims_claimmerge_claim_id_22bfeffe_fk_claims_claim_id FOREIGN KEY (claim_id) REFERENCES public.claims_claim(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_claimmerge
    ADD CONSTRAINT claims_claimmerge_into_id_4032a141_fk_claims_claim_id FOREIGN KEY (into_id) REFERENCES public.claims_claim(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_claimmerge
    ADD CONSTRAINT claims_claimmerge_merged_by_id_3daf112b_fk_auth_user_id FOREIGN KEY (merged_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_claimmerge
    ADD CONSTRAINT claims_claimmerge_undone_by_id_53e063ee_fk_auth_user_id FOREIGN KEY (undone_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_claimtopic
    ADD CONSTRAINT claims_claimtopic_claim_id_5c18bacf_fk_claims_claim_id FOREIGN KEY (claim_id) REFERENCES public.claims_claim(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_claimtopic
    ADD CONSTRAINT claims_claimtopic_topic_id_2e7fcf57_fk_claims_topic_id FOREIGN KEY (topic_id) REFERENCES public.claims_topic(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_comparisondue
    ADD CONSTRAINT claims_comparisondue_revision_id_9db60ac8_fk_sources_r FOREIGN KEY (revision_id) REFERENCES public.sources_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_corroboration
    ADD CONSTRAINT claims_corroboration_claim_id_dbd5b5c9_fk_claims_claim_id FOREIGN KEY (claim_id) REFERENCES public.claims_claim(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_corroboration_outlets
    ADD CONSTRAINT claims_corroboration_corroboration_id_f5651246_fk_claims_co FOREIGN KEY (corroboration_id) REFERENCES public.claims_corroboration(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_corroboration_origins
    ADD CONSTRAINT claims_corroboration_corroboration_id_fac711a1_fk_claims_co FOREIGN KEY (corroboration_id) REFERENCES public.claims_corroboration(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_corroboration
    ADD CONSTRAINT claims_corroboration_first_outlet_id_2e10b50d_fk_sources_o FOREIGN KEY (first_outlet_id) REFERENCES public.sources_outlet(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_corroboration_outlets
    ADD CONSTRAINT claims_corroboration_outlet_id_13e6b277_fk_sources_o FOREIGN KEY (outlet_id) REFERENCES public.sources_outlet(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_corroboration_origins
    ADD CONSTRAINT claims_corroboration_outlet_id_5bd683a8_fk_sources_o FOREIGN KEY (outlet_id) REFERENCES public.sources_outlet(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_coverage
    ADD CONSTRAINT claims_coverage_claim_id_621675cc_fk_claims_claim_id FOREIGN KEY (claim_id) REFERENCES public.claims_claim(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_coverage
    ADD CONSTRAINT claims_coverage_outlet_id_48452ebb_fk_sources_outlet_id FOREIGN KEY (outlet_id) REFERENCES public.sources_outlet(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_decision
    ADD CONSTRAINT claims_decision_claim_id_33c61357_fk_claims_claim_id FOREIGN KEY (claim_id) REFERENCES public.claims_claim(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_decision
    ADD CONSTRAINT claims_decision_decided_by_id_25c75a83_fk_auth_user_id FOREIGN KEY (decided_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_decision
    ADD CONSTRAINT claims_decision_to_id_ea1aebd2_fk_claims_claim_id FOREIGN KEY (to_id) REFERENCES public.claims_claim(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_decision
    ADD CONSTRAINT claims_decision_undone_by_id_98677568_fk_auth_user_id FOREIGN KEY (undone_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_deskaction
    ADD CONSTRAINT claims_deskaction_editor_id_fcbf13a6_fk_auth_user_id FOREIGN KEY (editor_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_extraction
    ADD CONSTRAINT claims_extraction_revision_id_0b2fb091_fk_sources_revision_id FOREIGN KEY (revision_id) REFERENCES public.sources_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_flag
    ADD CONSTRAINT claims_flag_attribution_id_87cfe3a8_fk_claims_attribution_id FOREIGN KEY (attribution_id) REFERENCES public.claims_attribution(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_flag
    ADD CONSTRAINT claims_flag_claim_id_71a914d5_fk_claims_claim_id FOREIGN KEY (claim_id) REFERENCES public.claims_claim(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_flag
    ADD CONSTRAINT claims_flag_settled_by_id_42dc86ad_fk_auth_user_id FOREIGN KEY (settled_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_flag
    ADD CONSTRAINT claims_flag_statement_id_332c08b9_fk_claims_statement_id FOREIGN KEY (statement_id) REFERENCES public.claims_statement(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_listing
    ADD CONSTRAINT claims_listing_claim_id_0f1c9dd3_fk_claims_claim_id FOREIGN KEY (claim_id) REFERENCES public.claims_claim(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_note
    ADD CONSTRAINT claims_note_attribution_id_c9eab9ab_fk_claims_attribution_id FOREIGN KEY (attribution_id) REFERENCES public.claims_attribution(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_note
    ADD CONSTRAINT claims_note_claim_id_cf8cb56a_fk_claims_claim_id FOREIGN KEY (claim_id) REFERENCES public.claims_claim(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_note
    ADD CONSTRAINT claims_note_statement_id_9d139184_fk_claims_statement_id FOREIGN KEY (statement_id) REFERENCES public.claims_statement(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_note
    ADD CONSTRAINT claims_note_written_by_id_8a61c9bf_fk_auth_user_id FOREIGN KEY (written_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_outletpair
    ADD CONSTRAINT claims_outletpair_other_id_5d387c33_fk_sources_outlet_id FOREIGN KEY (other_id) REFERENCES public.sources_outlet(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_outletpair
    ADD CONSTRAINT claims_outletpair_outlet_id_0e32ed60_fk_sources_outlet_id FOREIGN KEY (outlet_id) REFERENCES public.sources_outlet(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_outlettally
    ADD CONSTRAINT claims_outlettally_outlet_id_5da95ed7_fk_sources_outlet_id FOREIGN KEY (outlet_id) REFERENCES public.sources_outlet(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_readingdue
    ADD CONSTRAINT claims_readingdue_revision_id_8ca207a6_fk_sources_revision_id FOREIGN KEY (revision_id) REFERENCES public.sources_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_reviewitem
    ADD CONSTRAINT claims_reviewitem_claim_id_3aa7d995_fk_claims_claim_id FOREIGN KEY (claim_id) REFERENCES public.claims_claim(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_reviewitem
    ADD CONSTRAINT claims_reviewitem_leased_by_id_244c7698_fk_auth_user_id FOREIGN KEY (leased_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_reviewitem
    ADD CONSTRAINT claims_reviewitem_other_id_3d88b9dd_fk_claims_claim_id FOREIGN KEY (other_id) REFERENCES public.claims_claim(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_reviewpass
    ADD CONSTRAINT claims_reviewpass_editor_id_d13408f7_fk_auth_user_id FOREIGN KEY (editor_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_reviewpass
    ADD CONSTRAINT claims_reviewpass_item_id_292cab53_fk_claims_reviewitem_id FOREIGN KEY (item_id) REFERENCES public.claims_reviewitem(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_sampleditem
    ADD CONSTRAINT claims_sampleditem_adjudicated_by_id_066f6260_fk_auth_user_id FOREIGN KEY (adjudicated_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_sampleditem
    ADD CONSTRAINT claims_sampleditem_claim_id_01ad80ec_fk_claims_claim_id FOREIGN KEY (claim_id) REFERENCES public.claims_claim(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_sentence
    ADD CONSTRAINT claims_sentence_statement_id_9b31a5ba_fk_claims_statement_id FOREIGN KEY (statement_id) REFERENCES public.claims_statement(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_speaker
    ADD CONSTRAINT claims_speaker_edited_by_id_2a0f919a_fk_auth_user_id FOREIGN KEY (edited_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_speaker
    ADD CONSTRAINT claims_speaker_merged_into_id_07020b03_fk_claims_speaker_id FOREIGN KEY (merged_into_id) REFERENCES public.claims_speaker(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_speaker
    ADD CONSTRAINT claims_speaker_represents_id_8368567e_fk_claims_speaker_id FOREIGN KEY (represents_id) REFERENCES public.claims_speaker(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_speakeralias
    ADD CONSTRAINT claims_speakeralias_speaker_id_e3b3aa87_fk_claims_speaker_id FOREIGN KEY (speaker_id) REFERENCES public.claims_speaker(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_speakermerge
    ADD CONSTRAINT claims_speakermerge_into_id_b816b997_fk_claims_speaker_id FOREIGN KEY (into_id) REFERENCES public.claims_speaker(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_speakermerge
    ADD CONSTRAINT claims_speakermerge_merged_by_id_0a3510a0_fk_auth_user_id FOREIGN KEY (merged_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_speakermerge
    ADD CONSTRAINT claims_speakermerge_speaker_id_dfb51a8c_fk_claims_speaker_id FOREIGN KEY (speaker_id) REFERENCES public.claims_speaker(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_speakermerge
    ADD CONSTRAINT claims_speakermerge_undone_by_id_6bf5b12d_fk_auth_user_id FOREIGN KEY (undone_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_statement
    ADD CONSTRAINT claims_statement_revision_id_c87b732a_fk_sources_revision_id FOREIGN KEY (revision_id) REFERENCES public.sources_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_statement
    ADD CONSTRAINT claims_statement_speaker_id_8de2da16_fk_claims_speaker_id FOREIGN KEY (speaker_id) REFERENCES public.claims_speaker(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_statementchange
    ADD CONSTRAINT claims_statementchan_statement_id_a43de039_fk_claims_st FOREIGN KEY (statement_id) REFERENCES public.claims_statement(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_statementchange
    ADD CONSTRAINT claims_statementchange_made_by_id_c35cb8ab_fk_auth_user_id FOREIGN KEY (made_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_statementchange
    ADD CONSTRAINT claims_statementchange_undone_by_id_22f92b1c_fk_auth_user_id FOREIGN KEY (undone_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_statementrelay
    ADD CONSTRAINT claims_statementrela_statement_id_4bdaffab_fk_claims_st FOREIGN KEY (statement_id) REFERENCES public.claims_statement(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_statementrelay
    ADD CONSTRAINT claims_statementrelay_outlet_id_8e843943_fk_sources_outlet_id FOREIGN KEY (outlet_id) REFERENCES public.sources_outlet(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_statementspan
    ADD CONSTRAINT claims_statementspan_statement_id_c9983226_fk_claims_st FOREIGN KEY (statement_id) REFERENCES public.claims_statement(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.claims_wording
    ADD CONSTRAINT claims_wording_statement_id_dc7681e8_fk_claims_statement_id FOREIGN KEY (statement_id) REFERENCES public.claims_statement(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_content_type_id_c4bce8eb_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_user_id_c564eba6_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_user_id_0c3a50c0_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.notices_delivery
    ADD CONSTRAINT notices_delivery_event_id_85078cb9_fk_notices_event_id FOREIGN KEY (event_id) REFERENCES public.notices_event(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.notices_delivery
    ADD CONSTRAINT notices_delivery_webhook_id_da398e73_fk_notices_webhook_id FOREIGN KEY (webhook_id) REFERENCES public.notices_webhook(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.notices_webhook
    ADD CONSTRAINT notices_webhook_claim_id_d3098be6_fk_claims_claim_id FOREIGN KEY (claim_id) REFERENCES public.claims_claim(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.notices_webhook
    ADD CONSTRAINT notices_webhook_owner_id_0e6edbf3_fk_auth_user_id FOREIGN KEY (owner_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.notices_webhook
    ADD CONSTRAINT notices_webhook_speaker_id_571bea45_fk_claims_speaker_id FOREIGN KEY (speaker_id) REFERENCES public.claims_speaker(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.notices_webhook
    ADD CONSTRAINT notices_webhook_topic_id_a86609d8_fk_claims_topic_id FOREIGN KEY (topic_id) REFERENCES public.claims_topic(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sources_article
    ADD CONSTRAINT sources_article_current_revision_id_07404038_fk_sources_r FOREIGN KEY (current_revision_id) REFERENCES public.sources_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sources_article
    ADD CONSTRAINT sources_article_outlet_id_b4ed958b_fk_sources_outlet_id FOREIGN KEY (outlet_id) REFERENCES public.sources_outlet(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sources_derivation
    ADD CONSTRAINT sources_derivation_article_id_df32fd6f_fk_sources_article_id FOREIGN KEY (article_id) REFERENCES public.sources_article(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sources_derivation
    ADD CONSTRAINT sources_derivation_decided_by_id_e732924f_fk_auth_user_id FOREIGN KEY (decided_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sources_derivation
    ADD CONSTRAINT sources_derivation_revision_id_7570ce6e_fk_sources_revision_id FOREIGN KEY (revision_id) REFERENCES public.sources_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sources_derivation
    ADD CONSTRAINT sources_derivation_upstream_article_id_9f9b46ae_fk_sources_a FOREIGN KEY (upstream_article_id) REFERENCES public.sources_article(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sources_derivation
    ADD CONSTRAINT sources_derivation_upstream_outlet_id_9f74c105_fk_sources_o FOREIGN KEY (upstream_outlet_id) REFERENCES public.sources_outlet(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sources_derivationspan
    ADD CONSTRAINT sources_derivationsp_derivation_id_04e5f3b4_fk_sources_d FOREIGN KEY (derivation_id) REFERENCES public.sources_derivation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sources_derivationspan
    ADD CONSTRAINT sources_derivationsp_upstream_revision_id_16f87929_fk_sources_r FOREIGN KEY (upstream_revision_id) REFERENCES public.sources_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sources_feed
    ADD CONSTRAINT sources_feed_outlet_id_fef227de_fk_sources_outlet_id FOREIGN KEY (outlet_id) REFERENCES public.sources_outlet(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sources_fingerprint
    ADD CONSTRAINT sources_fingerprint_article_id_3b967e8e_fk_sources_article_id FOREIGN KEY (article_id) REFERENCES public.sources_article(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sources_fingerprint
    ADD CONSTRAINT sources_fingerprint_revision_id_06458380_fk_sources_revision_id FOREIGN KEY (revision_id) REFERENCES public.sources_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sources_importitem
    ADD CONSTRAINT sources_importitem_article_id_abd6c8a1_fk_sources_article_id FOREIGN KEY (article_id) REFERENCES public.sources_article(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sources_importitem
    ADD CONSTRAINT sources_importitem_looked_by_id_a239b3fd_fk_auth_user_id FOREIGN KEY (looked_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sources_importitem
    ADD CONSTRAINT sources_importitem_run_id_82b53628_fk_sources_importrun_id FOREIGN KEY (run_id) REFERENCES public.sources_importrun(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sources_importrun
    ADD CONSTRAINT sources_importrun_feed_id_ec5b14c6_fk_sources_feed_id FOREIGN KEY (feed_id) REFERENCES public.sources_feed(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sources_importrun
    ADD CONSTRAINT sources_importrun_requested_by_id_205f310c_fk_auth_user_id FOREIGN KEY (requested_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sources_outlet
    ADD CONSTRAINT sources_outlet_merged_into_id_4b2e0aec_fk_sources_outlet_id FOREIGN KEY (merged_into_id) REFERENCES public.sources_outlet(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sources_outlet
    ADD CONSTRAINT sources_outlet_owner_id_237f2376_fk_sources_outlet_id FOREIGN KEY (owner_id) REFERENCES public.sources_outlet(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sources_outletalias
    ADD CONSTRAINT sources_outletalias_outlet_id_3f3e3a28_fk_sources_outlet_id FOREIGN KEY (outlet_id) REFERENCES public.sources_outlet(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sources_outletdomain
    ADD CONSTRAINT sources_outletdomain_outlet_id_a25c1034_fk_sources_outlet_id FOREIGN KEY (outlet_id) REFERENCES public.sources_outlet(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sources_outletmerge
    ADD CONSTRAINT sources_outletmerge_into_id_f92df9ac_fk_sources_outlet_id FOREIGN KEY (into_id) REFERENCES public.sources_outlet(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sources_outletmerge
    ADD CONSTRAINT sources_outletmerge_merged_by_id_e0606050_fk_auth_user_id FOREIGN KEY (merged_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sources_outletmerge
    ADD CONSTRAINT sources_outletmerge_outlet_id_3349ee5f_fk_sources_outlet_id FOREIGN KEY (outlet_id) REFERENCES public.sources_outlet(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sources_outletmerge
    ADD CONSTRAINT sources_outletmerge_undone_by_id_ebf37649_fk_auth_user_id FOREIGN KEY (undone_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sources_revision
    ADD CONSTRAINT sources_revision_article_id_4fcf02a7_fk_sources_article_id FOREIGN KEY (article_id) REFERENCES public.sources_article(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sources_revision
    ADD CONSTRAINT sources_revision_snapshot_id_79117d13_fk_sources_snapshot_id FOREIGN KEY (snapshot_id) REFERENCES public.sources_snapshot(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.sources_snapshot
    ADD CONSTRAINT sources_snapshot_article_id_db8f8f35_fk_sources_article_id FOREIGN KEY (article_id) REFERENCES public.sources_article(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.usersessions_usersession
    ADD CONSTRAINT usersessions_usersession_user_id_af5e0a6d_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;

INSERT INTO public.django_migrations (app, name, applied) VALUES
    ('account', '0001_initial', now()),
    ('account', '0002_email_max_length', now()),
    ('account', '0003_alter_emailaddress_create_unique_verified_email', now()),
    ('account', '0004_alter_emailaddress_drop_unique_email', now()),
    ('account', '0005_emailaddress_idx_upper_email', now()),
    ('account', '0006_emailaddress_lower', now()),
    ('account', '0007_emailaddress_idx_email', now()),
    ('account', '0008_emailaddress_unique_primary_email_fixup', now()),
    ('account', '0009_emailaddress_unique_primary_email', now()),
    ('accounts', '0001_initial', now()),
    ('accounts', '0002_make_cache_table', now()),
    ('accounts', '0003_tokens_for_programs', now()),
    ('accounts', '0004_count_requests', now()),
    ('accounts', '0005_let_tokens_administer', now()),
    ('admin', '0001_initial', now()),
    ('admin', '0002_logentry_remove_auto_add', now()),
    ('admin', '0003_logentry_add_action_flag_choices', now()),
    ('auth', '0001_initial', now()),
    ('auth', '0002_alter_permission_name_max_length', now()),
    ('auth', '0003_alter_user_email_max_length', now()),
    ('auth', '0004_alter_user_username_opts', now()),
    ('auth', '0005_alter_user_last_login_null', now()),
    ('auth', '0006_require_contenttypes_0002', now()),
    ('auth', '0007_alter_validators_add_error_messages', now()),
    ('auth', '0008_alter_user_username_max_length', now()),
    ('auth', '0009_alter_user_last_name_max_length', now()),
    ('auth', '0010_alter_group_name_max_length', now()),
    ('auth', '0011_update_proxy_permissions', now()),
    ('auth', '0012_alter_user_first_name_max_length', now()),
    ('claims', '0001_initial', now()),
    ('claims', '0002_mark_orphaned_statements', now()),
    ('claims', '0003_merge_speakers_and_key_their_names', now()),
    ('claims', '0004_fill_keys_of_names', now()),
    ('claims', '0005_link_merge_and_split_claims', now()),
    ('claims', '0006_note_what_changes_corroboration', now()),
    ('claims', '0007_remember_relays_and_recount_all', now()),
    ('claims', '0008_find_candidates_by_postings', now()),
    ('claims', '0009_match_again', now()),
    ('claims', '0010_find_what_was_not_said', now()),
    ('claims', '0011_count_what_outlets_report_and_share', now()),
    ('claims', '0012_fill_counts_of_outlets', now()),
    ('claims', '0013_list_claims_by_facet_and_word', now()),
    ('claims', '0014_list_every_claim', now()),
    ('claims', '0015_note_changes_for_mirrors', now()),
    ('claims', '0016_note_every_row_for_mirrors', now()),
    ('claims', '0017_keep_what_waits_for_editors', now()),
    ('claims', '0018_find_what_waits_and_who_changed_what', now()),
    ('claims', '0019_renew_claims_after_matching', now()),
    ('claims', '0020_keep_what_editors_filled_in', now()),
    ('claims', '0021_note_what_reports_say_otherwise', now()),
    ('claims', '0022_compare_wordings_again', now()),
    ('claims', '0023_drop_unused_search_of_claims', now()),
    ('claims', '0024_keep_answers_to_keyed_requests', now()),
    ('claims', '0025_correct_at_the_desk', now()),
    ('claims', '0026_find_what_machines_changed', now()),
    ('claims', '0027_find_first_reports_of_claims', now()),
    ('claims', '0028_keep_topics_that_merges_drop', now()),
    ('claims', '0029_find_readings_that_failed', now()),
    ('claims', '0030_keep_what_statements_were', now()),
    ('claims', '0031_keep_postings_in_leaves', now()),
    ('claims', '0032_pack_postings', now()),
    ('claims', '0033_find_reports_by_who_decided', now()),
    ('claims', '0034_drop_indexes_that_nothing_reads', now()),
    ('claims', '0035_mark_texts_to_be_read', now()),
    ('claims', '0036_number_events_in_64_bits', now()),
    ('config', '0001_keep_who_was_seen_and_what_tasks_came_to', now()),
    ('contenttypes', '0001_initial', now()),
    ('contenttypes', '0002_remove_content_type_name', now()),
    ('mfa', '0001_initial', now()),
    ('mfa', '0002_authenticator_timestamps', now()),
    ('mfa', '0003_authenticator_type_uniq', now()),
    ('notices', '0001_note_events_and_tell_webhooks', now()),
    ('pghistory', '0001_initial', now()),
    ('pghistory', '0002_aggregateevent', now()),
    ('pghistory', '0003_auto_20201023_1636', now()),
    ('pghistory', '0004_auto_20220906_1625', now()),
    ('pghistory', '0005_events_middlewareevents', now()),
    ('pghistory', '0006_delete_aggregateevent', now()),
    ('pghistory', '0007_auto_20250421_0444', now()),
    ('sessions', '0001_initial', now()),
    ('sources', '0001_initial', now()),
    ('sources', '0002_fingerprint_search', now()),
    ('sources', '0003_say_how_imports_fail', now()),
    ('sources', '0004_mark_earlier_imports', now()),
    ('sources', '0005_sign_looks_and_note_damage', now()),
    ('sources', '0006_leave_decisions_unsure', now()),
    ('sources', '0007_find_what_an_outlet_published_last', now()),
    ('sources', '0008_find_articles_by_words', now()),
    ('sources', '0009_merge_outlets', now()),
    ('sources', '0010_find_what_failed_last', now()),
    ('sources', '0011_number_events_in_64_bits', now()),
    ('usersessions', '0001_initial', now());
